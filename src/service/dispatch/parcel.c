#include "parcel.h"

#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/json.h"

/* What stands for an attribute that the placement does not have. */
static const char *
own_value(const struct parcel *parcel, const char *name)
{
	const struct {
		const char *name, *value;
	} row[] = {
		{ "deviceId", parcel->event->device_id },
		{ "clickType", event_kind_name(parcel->event->kind) },
		{ "projectName", parcel->project },
		{ "placementName", parcel->placement },
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		if (strcmp(row[i].name, name) == 0)
			return row[i].value;
	return NULL;
}

static const char *
value_of(const struct parcel *parcel, const char *name)
{
	const char *value = pairs_get(parcel->attributes, name);

	return value ? value : own_value(parcel, name);
}

static void
add_value(struct buf *out, const struct parcel *parcel, const char *name)
{
	const char *value = value_of(parcel, name);
	struct json j = json_to(out);

	if (value)
		buf_text(out, value);
	else if (strcmp(name, "*") == 0)
		json_pairs(&j, parcel->attributes);
}

/* The last "{{" that opens before `end`: of "{{{name}}" it is the second. */
static const char *
innermost(const char *open, const char *end)
{
	const char *next;

	while ((next = strstr(open + 1, "{{")) && next + 2 <= end)
		open = next;
	return open;
}

void
parcel_fill(struct buf *out, const char *text, const struct parcel *parcel)
{
	const char *open, *end;

	while ((open = strstr(text, "{{")) && (end = strstr(open + 2, "}}"))) {
		char *name;

		open = innermost(open, end);
		buf_add(out, text, (size_t)(open - text));
		name = mem_textn(NULL, open + 2, (size_t)(end - open) - 2);
		add_value(out, parcel, name);
		mem_free(name);
		text = end + 2;
	}
	buf_text(out, text);
}

void
parcel_sign_off(struct buf *out, const struct parcel *parcel)
{
	buf_format(out, "\n(DSN: %s, %s)", parcel->event->device_id,
		event_kind_name(parcel->event->kind));
}

struct parcel
parcel_with_filled(
	const void *ctx, const struct parcel *parcel, const char *attribute, bool sign)
{
	const char *text = pairs_get(parcel->attributes, attribute);
	struct pairs *attributes;
	struct parcel with = *parcel;
	struct buf filled;

	if (!text)
		return with;
	buf_init(&filled, ctx, BUF_NO_CAP);
	parcel_fill(&filled, text, parcel);
	if (sign)
		parcel_sign_off(&filled, parcel);
	attributes = pairs_copy(ctx, parcel->attributes);
	pairs_set(attributes, attribute, filled.data);
	with.attributes = attributes;
	return with;
}

static bool
mentions(const char *text, const char *name)
{
	size_t n = strlen(name);

	while ((text = strstr(text, "{{"))) {
		text += 2;
		if (strncmp(text, name, n) == 0 && strncmp(text + n, "}}", 2) == 0)
			return true;
	}
	return false;
}

const char *
parcel_lacks(const struct parcel *parcel, const char *text, const char *const *names)
{
	for (; *names; names++) {
		const char *value = value_of(parcel, *names);

		if (mentions(text, *names) && (!value || !*value))
			return *names;
	}
	return NULL;
}

char *
parcel_place(const void *ctx, const struct parcel *parcel)
{
	if (!parcel->placement)
		return mem_format(ctx, "Device %s, which is in no placement,",
			text_safe_z(ctx, parcel->event->device_id).text);
	return mem_format(ctx, "Placement %s of project %s",
		text_safe_z(ctx, parcel->placement).text,
		text_safe_z(ctx, parcel->project).text);
}
