/* Messages of profiles on their way into one transaction, and what is counted of them. */
#include "fleet.h"

#include "oneclick/service/hub.h"
#include "oneclick/service/intake.h"

#define NAMES "[{\"friendly_name\":\"Hall\",\"ieee_address\":\"0x00158d0001a2b3c4\"}]"
#define HALL "ZIGB00158D0001A2B3C4"

static struct intake *intake;
static struct service service;

static int
open_intake(void **state)
{
	int failed = open_fleet(state);

	must(intake_open(fleet.life, &fleet.settings, fleet.store, &intake, &fleet.why));
	service = (struct service){ .counts = counts_new(fleet.life),
		.hub = hub_new(fleet.life) };
	return failed;
}

#define WITH_INTAKE(name) cmocka_unit_test_setup_teardown(name, open_intake, close_fleet)

static struct haul *
read_retained(const char *topic, const char *payload, bool retained)
{
	struct haul *haul = haul_new(fleet.life, intake);
	const struct profile_message message = {
		.via = VIA_MQTT,
		.topic = topic,
		.payload = payload,
		.size = strlen(payload),
		.retained = retained,
	};

	haul_add_message(haul, &message);
	return haul;
}

static struct haul *
read(const char *topic, const char *payload)
{
	return read_retained(topic, payload, false);
}

static enum err
store_haul(struct tx *tx, void *arg, struct fault *why)
{
	return haul_store(arg, tx, NULL, fleet.settings.claim_window, fleet.now, why);
}

static struct haul *
take(struct haul *haul)
{
	must(store_write(fleet.store, store_haul, haul, &fleet.why));
	haul_settle(haul, &service, true);
	return haul;
}

static uint64_t
counted(const char *profile, enum ingest_result result)
{
	for (size_t i = 0; i < service.counts->count; i++)
		if (strcmp(service.counts->row[i].profile, profile) == 0)
			return service.counts->row[i].of[result];
	return 0;
}

static void
a_click_of_a_new_device_registers_it(void **state)
{
	struct haul *haul;

	(void)state;
	haul = take(read("flic/BF39-A12345/action", "click"));
	assert_int_equal(haul->taken, 1);
	assert_int_equal(haul->refused, 0);
	assert_int_equal(counted("flic-hub-mqtt", INGEST_TAKEN), 1);
	must(call(OP_INITIATE_DEVICE_CLAIM, "deviceId=FLICBF39A12345", NULL, NULL));
}

static void
a_name_told_again_is_no_news(void **state)
{
	(void)state;
	assert_int_equal(take(read("zigbee2mqtt/bridge/devices", NAMES))->count, 1);
	assert_int_equal(read("zigbee2mqtt/bridge/devices", NAMES)->count, 0);
	assert_string_equal(read("zigbee2mqtt/Hall", "{\"action\":\"single\"}")
				    ->item[0]
				    .saw.device_id,
		HALL);
}

static void
names_are_there_again_after_a_start(void **state)
{
	(void)state;
	take(read("zigbee2mqtt/bridge/devices", NAMES));
	must(intake_open(fleet.life, &fleet.settings, fleet.store, &intake, &fleet.why));
	assert_int_equal(read("zigbee2mqtt/bridge/devices", NAMES)->count, 0);
	assert_int_equal(read("zigbee2mqtt/Hall", "{\"action\":\"single\"}")->count, 1);
}

static void
a_name_that_was_not_stored_is_news_again(void **state)
{
	struct haul *haul;

	(void)state;
	haul = read("zigbee2mqtt/bridge/devices", NAMES);
	haul_settle(haul, &service, false);
	assert_int_equal(counted("zigbee2mqtt", INGEST_HEARD), 0);
	assert_int_equal(take(read("zigbee2mqtt/bridge/devices", NAMES))->count, 1);
	assert_int_equal(counted("zigbee2mqtt", INGEST_HEARD), 1);
}

static void
what_comes_of_messages_is_counted(void **state)
{
	const char *press = "{\"src\":\"shellyplus1-a8032abe54dc\",\"method\":"
			    "\"NotifyEvent\",\"params\":{\"events\":[{\"component\":"
			    "\"input:0\",\"event\":\"single_push\",\"ts\":1778751000}]}}";

	(void)state;
	take(read("s/events/rpc", press));
	take(read("s/events/rpc", press));
	assert_int_equal(counted("shelly-gen2", INGEST_TAKEN), 1);
	assert_int_equal(counted("shelly-gen2", INGEST_DUPLICATE), 1);
	take(read("nobody/asked/for/this", "{}"));
	assert_int_equal(counted(COUNTS_NONE, INGEST_UNMAPPED), 1);
	take(read_retained("s/events/rpc", press, true));
	assert_int_equal(counted(COUNTS_NONE, INGEST_RETAINED), 1);
	assert_int_equal(take(read("s/events/rpc", "{"))->refused, 1);
	assert_int_equal(counted(COUNTS_NONE, INGEST_UNREADABLE), 1);
	assert_int_equal(take(read("flic/BF39-A12345/battery", "70"))->refused, 0);
	assert_int_equal(counted("flic-hub-mqtt", INGEST_UNKNOWN), 1);
}

static void
one_sighting_refused_leaves_the_others_alone(void **state)
{
	struct haul *haul = haul_new(fleet.life, intake);
	const struct report unknown = { .device_id = ENTERPRISE, .life = -1 };
	const struct report known = { .device_id = SECOND, .life = -1 };

	(void)state;
	know(SECOND, NULL);
	haul_add_report(haul, &unknown);
	haul_add_report(haul, &known);
	take(haul);
	assert_int_equal(haul->taken, 1);
	assert_int_equal(haul->refused, 1);
	assert_non_null(strstr(haul->last.sentence, ENTERPRISE));
	assert_int_equal(counted(COUNTS_OWN, INGEST_TAKEN), 1);
	assert_int_equal(counted(COUNTS_OWN, INGEST_UNKNOWN), 1);
}

static enum err
fill_ready(struct tx *tx, void *arg, struct fault *why)
{
	enum err err = ERR_NONE;

	(void)arg;
	for (int i = 0; err == ERR_NONE && i < READY_MAX; i++) {
		struct device device = { .id = mem_format(fleet.life, "FLIC%d", i),
			.type = "button",
			.tags = "{}",
			.profile = "flic-hub-mqtt" };

		err = devices_add(tx, &device, why);
	}
	return err;
}

static void
strangers_cannot_register_without_end(void **state)
{
	struct haul *haul;

	(void)state;
	must(store_write(fleet.store, fill_ready, NULL, &fleet.why));
	haul = take(read("flic/BF39-A12345/action", "click"));
	assert_int_equal(haul->taken, 0);
	assert_non_null(strstr(haul->last.sentence, "10000"));
	assert_int_equal(take(read("flic/7/action", "click"))->taken, 1);
}

static void
a_message_too_long_is_refused(void **state)
{
	char *payload = mem_zero(fleet.life, 1, MESSAGE_MAX + 2, "payload");
	struct haul *haul;

	(void)state;
	memset(payload, ' ', MESSAGE_MAX + 1);
	haul = read("flic/BF39-A12345/action", payload);
	assert_int_equal(haul->refused, 1);
	assert_int_equal(haul->count, 0);
}

static void
a_name_too_long_is_refused_and_found_nowhere(void **state)
{
	char *name = mem_zero(fleet.life, 1, NAME_LENGTH_MAX + 2, "name");
	struct haul *haul;

	(void)state;
	memset(name, 'n', NAME_LENGTH_MAX + 1);
	haul = read("zigbee2mqtt/bridge/devices",
		mem_format(fleet.life,
			"[{\"friendly_name\":\"%s\",\"ieee_address\":"
			"\"0x00158d0001a2b3c4\"}]",
			name));
	assert_int_equal(haul->refused, 1);
	assert_int_equal(haul->count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_INTAKE(a_click_of_a_new_device_registers_it),
		WITH_INTAKE(a_name_told_again_is_no_news),
		WITH_INTAKE(names_are_there_again_after_a_start),
		WITH_INTAKE(a_name_that_was_not_stored_is_news_again),
		WITH_INTAKE(what_comes_of_messages_is_counted),
		WITH_INTAKE(one_sighting_refused_leaves_the_others_alone),
		WITH_INTAKE(strangers_cannot_register_without_end),
		WITH_INTAKE(a_message_too_long_is_refused),
		WITH_INTAKE(a_name_too_long_is_refused_and_found_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
