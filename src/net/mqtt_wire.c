#include "oneclick/net/mqtt_wire.h"

#include <string.h>

#include "oneclick/base/utf8.h"

enum {
	TYPES = 16,
	LENGTH_BYTES_MAX = 4, /* of the remaining length */
	QOS_REFUSED = 2,
	FLAG_RETAIN = 0x01,
	FLAG_DUP = 0x08,
	CONNECT_RESERVED = 0x01,
	CONNECT_CLEAN = 0x02,
	CONNECT_WILL = 0x04,
	CONNECT_WILL_DETAILS = 0x38, /* its QoS and retain flag */
	CONNECT_PASSWORD = 0x40,
	CONNECT_USER = 0x80,
	HEAD_CONNACK = 0x20,
	HEAD_PUBACK = 0x40,
	HEAD_PINGRESP = 0xD0,
	/* Version 5, sections 3.2.2.2 and 4.13: "Unsupported Protocol Version". */
	CONNACK_5_BAD_LEVEL = 0x84,
};

#define ANY 0xFF

/* Every type there is, section 2.2.1: what its flags must be, and if we take it. */
static const struct type_row {
	const char *name;
	uint8_t flags; /* ANY: checked by its reader */
	bool taken;
} types[TYPES] = {
	[1] = { "CONNECT", 0, true },
	[2] = { "CONNACK", 0, false },
	[3] = { "PUBLISH", ANY, true },
	[4] = { "PUBACK", 0, false },
	[5] = { "PUBREC", 0, false },
	[6] = { "PUBREL", 2, false },
	[7] = { "PUBCOMP", 0, false },
	[8] = { "SUBSCRIBE", 2, false },
	[9] = { "SUBACK", 0, false },
	[10] = { "UNSUBSCRIBE", 2, false },
	[11] = { "UNSUBACK", 0, false },
	[12] = { "PINGREQ", 0, true },
	[13] = { "PINGRESP", 0, false },
	[14] = { "DISCONNECT", 0, true },
};

/* ---- reading pieces: a piece that is not there leaves `bad` behind ---- */

struct piece {
	const unsigned char *at;
	size_t n;
	bool bad;
};

static uint8_t
read_byte(struct piece *p)
{
	if (p->n == 0) {
		p->bad = true;
		return 0;
	}
	p->n--;
	return *p->at++;
}

static uint16_t
read_number(struct piece *p)
{
	unsigned high = read_byte(p);

	return (uint16_t)(high << 8 | read_byte(p));
}

static struct mqtt_text
read_bytes(struct piece *p)
{
	size_t n = read_number(p);
	struct mqtt_text text = { (const char *)p->at, n };

	if (p->bad || n > p->n) {
		p->bad = true;
		return (struct mqtt_text){ "", 0 };
	}
	p->at += n;
	p->n -= n;
	return text;
}

/* Section 1.5.3: UTF-8, and no U+0000 in it. */
static struct mqtt_text
read_text(struct piece *p)
{
	struct mqtt_text text = read_bytes(p);

	if (!utf8_is_valid(text.at, text.n) || memchr(text.at, '\0', text.n))
		p->bad = true;
	return text;
}

static bool
is_text(struct mqtt_text text, const char *wanted)
{
	return text.n == strlen(wanted) && memcmp(text.at, wanted, text.n) == 0;
}

/* ---- CONNECT ---- */

static enum err
check_connect_flags(uint8_t flags, struct fault *why)
{
	if (flags & CONNECT_RESERVED)
		return fault(why, ERR_INVALID, "CONNECT has its reserved flag set.");
	if (!(flags & CONNECT_WILL) && flags & CONNECT_WILL_DETAILS)
		return fault(why, ERR_INVALID,
			"CONNECT tells of a will's QoS or retain flag but has no will.");
	if (flags & CONNECT_PASSWORD && !(flags & CONNECT_USER))
		return fault(
			why, ERR_INVALID, "CONNECT has a password but no user name.");
	if (flags & CONNECT_WILL)
		return fault(why, ERR_FORBIDDEN,
			"CONNECT has a will message; nobody would be sent it: leave it "
			"out.");
	return ERR_NONE;
}

static enum err
read_connect_rest(struct piece *p, struct mqtt_connect *out, struct fault *why)
{
	uint8_t flags = read_byte(p);
	enum err err = check_connect_flags(flags, why);

	if (err)
		return err;
	out->clean = flags & CONNECT_CLEAN;
	out->keepalive = read_number(p);
	out->client_id = read_text(p);
	if (flags & CONNECT_USER)
		out->user = read_text(p);
	if (flags & CONNECT_PASSWORD)
		out->password = read_bytes(p);
	return ERR_NONE;
}

/* Version 3.1 has another name; both it and later versions are let through with their
 * level, so that they can be answered. */
static enum err
read_connect(struct piece *p, struct mqtt_connect *out, struct fault *why)
{
	struct mqtt_text name = read_bytes(p);

	*out = (struct mqtt_connect){ .level = read_byte(p) };
	if (!is_text(name, "MQTT") && !is_text(name, "MQIsdp"))
		return fault(why, ERR_INVALID, "CONNECT is not of the protocol MQTT.");
	if (p->bad)
		return ERR_NONE;
	if (out->level != MQTT_LEVEL) {
		p->n = 0;
		return ERR_NONE;
	}
	if (!is_text(name, "MQTT"))
		return fault(why, ERR_INVALID,
			"CONNECT has the name of MQTT 3.1 and the level of 3.1.1.");
	return read_connect_rest(p, out, why);
}

/* ---- PUBLISH ---- */

static bool
has_wildcard(struct mqtt_text topic)
{
	return memchr(topic.at, '+', topic.n) || memchr(topic.at, '#', topic.n);
}

static enum err
check_publish_flags(uint8_t flags, struct fault *why)
{
	uint8_t qos = flags >> 1 & 3;

	if (qos > QOS_REFUSED)
		return fault(why, ERR_INVALID, "PUBLISH has a QoS of 3.");
	if (qos == 0 && flags & FLAG_DUP)
		return fault(
			why, ERR_INVALID, "PUBLISH of QoS 0 is said to be a repeat.");
	if (qos == QOS_REFUSED)
		return fault(why, ERR_FORBIDDEN,
			"PUBLISH has QoS 2, which is not taken: send with QoS 1.");
	return ERR_NONE;
}

static enum err
read_publish(struct piece *p, uint8_t flags, struct mqtt_publish *out, struct fault *why)
{
	*out = (struct mqtt_publish){
		.qos = flags >> 1 & 3,
		.dup = flags & FLAG_DUP,
		.retain = flags & FLAG_RETAIN,
		.topic = read_text(p),
	};
	if (out->qos > 0)
		out->id = read_number(p);
	if (p->bad)
		return ERR_NONE;
	if (out->topic.n == 0 || has_wildcard(out->topic))
		return fault(why, ERR_INVALID, "PUBLISH has %s for a topic.",
			out->topic.n ? "a filter" : "nothing");
	if (out->qos > 0 && out->id == 0)
		return fault(why, ERR_INVALID, "PUBLISH has the packet identifier 0.");
	out->payload = (struct mqtt_text){ (const char *)p->at, p->n };
	p->n = 0;
	return ERR_NONE;
}

/* ---- any packet ---- */

static enum err
check_first_byte(uint8_t first, struct fault *why)
{
	const struct type_row *row = &types[first >> 4];
	uint8_t flags = first & 0x0F;

	if (!row->name)
		return fault(
			why, ERR_INVALID, "There is no packet of type %d.", first >> 4);
	if (row->flags != ANY && row->flags != flags)
		return fault(why, ERR_INVALID, "%s has the flags %d; they must be %d.",
			row->name, flags, row->flags);
	if (!row->taken)
		return fault(why, ERR_FORBIDDEN,
			"%s is not taken: this server only takes events.", row->name);
	return row->flags == ANY ? check_publish_flags(flags, why) : ERR_NONE;
}

/* *used is the fixed header's length, 0 while it is not all there. */
static enum err
read_length(const unsigned char *bytes, size_t n, size_t *length, size_t *used,
	struct fault *why)
{
	*used = 0;
	*length = 0;
	for (size_t i = 0; i < LENGTH_BYTES_MAX && i + 1 < n; i++) {
		*length |= (size_t)(bytes[i + 1] & 0x7F) << 7 * i;
		if (*length > MQTT_PACKET_MAX)
			return fault(why, ERR_INVALID,
				"A packet of over %d bytes is not taken.",
				MQTT_PACKET_MAX);
		if (bytes[i + 1] < 0x80) {
			*used = i + 2;
			return ERR_NONE;
		}
	}
	if (n > LENGTH_BYTES_MAX)
		return fault(why, ERR_INVALID,
			"The length of a packet takes more than %d bytes.",
			LENGTH_BYTES_MAX);
	return ERR_NONE;
}

static enum err
read_body(struct piece *p, uint8_t first, struct mqtt_packet *out, struct fault *why)
{
	enum err err = ERR_NONE;

	out->type = first >> 4;
	if (out->type == MQTT_CONNECT)
		err = read_connect(p, &out->connect, why);
	else if (out->type == MQTT_PUBLISH)
		err = read_publish(p, first & 0x0F, &out->publish, why);
	if (err)
		return err;
	if (p->bad || p->n > 0)
		return fault(why, ERR_INVALID, "%s %s.", types[out->type].name,
			p->bad ? "ends early, or has text that is not UTF-8"
			       : "goes on after its end");
	return ERR_NONE;
}

enum err
mqtt_packet_read(const char *bytes, size_t n, struct mqtt_packet *out, size_t *used,
	struct fault *why)
{
	const unsigned char *at = (const unsigned char *)bytes;
	size_t length, header;
	struct piece body;
	enum err err;

	*used = 0;
	if (n == 0)
		return ERR_NONE;
	err = check_first_byte(*at, why);
	if (!err)
		err = read_length(at, n, &length, &header, why);
	if (err || header == 0 || n - header < length)
		return err;
	body = (struct piece){ .at = at + header, .n = length };
	err = read_body(&body, *at, out, why);
	if (!err)
		*used = header + length;
	return err;
}

/* ---- writing ---- */

void
mqtt_write_connack(struct buf *out, uint8_t level, enum mqtt_connack code)
{
	const unsigned char ours[] = { HEAD_CONNACK, 2, 0, (unsigned char)code };
	const unsigned char version_5[] = { HEAD_CONNACK, 3, 0, CONNACK_5_BAD_LEVEL, 0 };

	if (level == MQTT_LEVEL_5)
		buf_add(out, version_5, sizeof version_5);
	else
		buf_add(out, ours, sizeof ours);
}

void
mqtt_write_puback(struct buf *out, uint16_t id)
{
	const unsigned char bytes[] = { HEAD_PUBACK, 2, (unsigned char)(id >> 8),
		(unsigned char)id };

	buf_add(out, bytes, sizeof bytes);
}

void
mqtt_write_pingresp(struct buf *out)
{
	static const unsigned char bytes[] = { HEAD_PINGRESP, 0 };

	buf_add(out, bytes, sizeof bytes);
}
