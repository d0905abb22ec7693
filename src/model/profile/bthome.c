/* BTHome version 2 (bthome.io/format): service data of UUID 0xFCD2.  A device information
 * byte, then objects: an ID and a value whose length the ID tells. */
#include <string.h>

#include "inside.h"
#include "oneclick/base/mem.h"

enum {
	INFO_ENCRYPTED = 0x01,
	INFO_VERSION_AT = 5, /* bits 5 to 7 */
	VERSION = 2,
	OBJECT_PACKET = 0x00,
	OBJECT_BATTERY = 0x01,
	OBJECT_BUTTON = 0x3A,
	BUTTONS_MAX = 16,
};

/* Bytes of the values of objects 0x00 to 0x2F.  Objects come in the order of their IDs, so
 * that what lies behind the buttons needs no length. */
static const unsigned char lengths[0x30] = {
	1, 1, 2, 2, 3, 3, 2, 2, 2, 1, 3, 3, 2, 2, 2, 1, /* 0x00 */
	1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 0x10 */
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 0x20 */
};

struct advert {
	int packet, battery; /* -1: not there */
	int button[BUTTONS_MAX];
	size_t buttons;
};

static enum err
check_info(const unsigned char *bytes, size_t n, struct fault *why)
{
	if (n == 0 || bytes[0] >> INFO_VERSION_AT != VERSION)
		return fault(why, ERR_INVALID, "the payload is no BTHome version 2");
	if (bytes[0] & INFO_ENCRYPTED)
		return fault(why, ERR_INVALID,
			"the BTHome device encrypts what it says; turn its encryption "
			"off, or "
			"take it through a gateway that has its key");
	return ERR_NONE;
}

static void
take_object(struct advert *advert, unsigned id, unsigned value)
{
	if (id == OBJECT_PACKET)
		advert->packet = (int)value;
	else if (id == OBJECT_BATTERY)
		advert->battery = (int)value;
	else if (id == OBJECT_BUTTON && advert->buttons < BUTTONS_MAX)
		advert->button[advert->buttons++] = (int)value;
}

static enum err
read_objects(const unsigned char *at, const unsigned char *end, struct advert *advert,
	struct fault *why)
{
	while (at < end) {
		unsigned id = *at++;
		size_t length = id == OBJECT_BUTTON    ? 1
				: id < sizeof(lengths) ? lengths[id]
						       : 0;

		if (length == 0)
			return ERR_NONE;
		if ((size_t)(end - at) < length)
			return fault(why, ERR_INVALID,
				"the BTHome object 0x%02X is cut off", id);
		take_object(advert, id, *at);
		at += length;
	}
	return ERR_NONE;
}

/* ---- as a tree ---- */

static void
put(struct value *map, const char *key, struct value value)
{
	map->key[map->count] = key;
	map->item[map->count++] = value;
}

static struct value
make_map(const void *ctx, size_t room)
{
	return (struct value){ .kind = VALUE_MAP,
		.item = mem_array(ctx, struct value, room),
		.key = mem_array(ctx, const char *, room) };
}

static struct value
make_int(int64_t whole)
{
	return (struct value){ .kind = VALUE_INT, .whole = whole };
}

/* An event of 0 is a button that was not pressed: its place counts, it says nothing. */
static struct value
make_buttons(const void *ctx, const struct advert *advert)
{
	struct value list = { .kind = VALUE_LIST };

	list.item = mem_array(ctx, struct value, advert->buttons);
	for (size_t i = 0; i < advert->buttons; i++) {
		struct value button = make_map(ctx, 2);

		if (advert->button[i] == 0)
			continue;
		put(&button, "n", make_int((int64_t)i + 1));
		put(&button, "event", make_int(advert->button[i]));
		list.item[list.count++] = button;
	}
	return list;
}

enum err
bthome_decode(const void *ctx, const unsigned char *bytes, size_t n,
	const struct value **out, struct fault *why)
{
	struct advert advert = { .packet = -1, .battery = -1 };
	struct value *tree, buttons;
	enum err err;

	if (n > 2 && bytes[0] == 0xD2 && bytes[1] == 0xFC) { /* the UUID, sent along */
		bytes += 2;
		n -= 2;
	}
	err = check_info(bytes, n, why);
	if (!err)
		err = read_objects(bytes + 1, bytes + n, &advert, why);
	if (err)
		return err;
	tree = mem_new(ctx, struct value);
	*tree = make_map(ctx, 4);
	buttons = make_buttons(ctx, &advert);
	if (advert.packet >= 0)
		put(tree, "packet", make_int(advert.packet));
	if (advert.battery >= 0)
		put(tree, "battery", make_int(advert.battery));
	if (buttons.count > 0)
		put(tree, "button", *value_get(&buttons.item[0], "event"));
	put(tree, "buttons", buttons);
	*out = tree;
	return ERR_NONE;
}
