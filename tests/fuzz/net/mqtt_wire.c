/* Packets off the wire: each is taken whole, from no more bytes than there are, and what is
 * not whole yet is neither taken nor read otherwise later. */
#undef NDEBUG
#include <assert.h>

#include "../fuzz.h"
#include "oneclick/base/mem.h"
#include "oneclick/net/mqtt_wire.h"

static void
check_text(const struct mqtt_text *text, const char *from, size_t n)
{
	if (text->at)
		assert(text->at >= from && text->at + text->n <= from + n);
}

static void
check_inside(const struct mqtt_packet *packet, const char *from, size_t n)
{
	if (packet->type == MQTT_PUBLISH) {
		check_text(&packet->publish.topic, from, n);
		check_text(&packet->publish.payload, from, n);
		assert(packet->publish.qos <= 1);
		assert(packet->publish.qos == 0 || packet->publish.id != 0);
	} else if (packet->type == MQTT_CONNECT && packet->connect.level == MQTT_LEVEL) {
		check_text(&packet->connect.client_id, from, n);
		check_text(&packet->connect.user, from, n);
		check_text(&packet->connect.password, from, n);
	}
}

/* Exactly as long as it is, so that reading beyond it is seen. */
static void
check_cut(const void *life, const char *data, size_t whole, size_t n)
{
	const char *part = mem_textn(life, data, n);
	struct mqtt_packet packet;
	struct fault why;
	size_t used = 0;
	enum err err = mqtt_packet_read(part, n, &packet, &used, &why);

	assert(err == ERR_NONE && (used == 0 || used == whole));
}

void
fuzz(const void *life, const char *data, size_t n)
{
	struct mqtt_packet packet;
	struct fault why;
	size_t used;

	while (n > 0) {
		enum err err = mqtt_packet_read(data, n, &packet, &used, &why);

		fuzz_check_fault(err, &why);
		if (err || used == 0)
			return;
		assert(used <= n && used <= MQTT_PACKET_MAX + MQTT_HEADER_MAX);
		check_inside(&packet, data, used);
		check_cut(life, data, used, used / 2);
		check_cut(life, data, used, used - 1);
		data += used;
		n -= used;
	}
}
