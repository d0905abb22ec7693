/* Devices as presses find them, and as they are found by when they were heard. */
#include "ground.h"
#include "oneclick/store/aliases.h"

static bool
see_device(void *arg, const struct device *device)
{
	return see(arg, device->id);
}

TX_TEST(a_device_pressed_has_what_a_press_needs)
{
	struct device a = a_device("G030PM0123456789"), b, c;
	bool whole;

	a.token_hash = "ab12";
	must(devices_add(tx, &a, why), why);
	a.account = OURS;
	a.state = DEVICE_CLAIMED;
	a.enabled = true;
	a.life = 97.65;
	a.clicks = 47;
	a.first_click_at = 1;
	a.seen_at = 2;
	a.claim_at = 3;
	a.claim_heard_at = 4;
	a.enabled_at = 5;
	a.context = 6;
	a.calls = true;
	a.rated = 3000;
	a.presence = PRESENCE_ONLINE;
	a.life_below = 12.5;
	a.life_told = true;
	a.quiet_after = 7;
	a.quiet_at = 8;
	must(devices_save(tx, &a, why), why);
	must(devices_find(tx, life, a.id, &b, why), why);
	must(devices_find_pressed(tx, life, a.id, false, &c, &whole, why), why);
	assert_false(whole);
	assert_string_equal(b.id, c.id);
	assert_string_equal(b.account, c.account);
	assert_string_equal(b.token_hash, c.token_hash);
	assert_int_equal(b.num, c.num);
	assert_int_equal(b.state, c.state);
	assert_int_equal(b.enabled, c.enabled);
	assert_true(b.life == c.life);
	assert_int_equal(b.clicks, c.clicks);
	assert_int_equal(b.first_click_at, c.first_click_at);
	assert_int_equal(b.seen_at, c.seen_at);
	assert_int_equal(b.claim_at, c.claim_at);
	assert_int_equal(b.claim_heard_at, c.claim_heard_at);
	assert_int_equal(b.enabled_at, c.enabled_at);
	assert_int_equal(b.context, c.context);
	assert_int_equal(b.calls, c.calls);
	assert_int_equal(b.rated, c.rated);
	assert_int_equal(b.presence, c.presence);
	assert_true(b.life_below == c.life_below);
	assert_int_equal(b.life_told, c.life_told);
	assert_int_equal(b.quiet_after, c.quiet_after);
	assert_int_equal(b.quiet_at, c.quiet_at);
	assert_int_equal(devices_find_pressed(tx, life, "X", false, &c, &whole, why),
		ERR_NOT_FOUND);
	return ERR_NONE;
}

TX_TEST(a_device_pressed_is_read_whole_when_that_is_needed)
{
	struct device a = a_device("A"), b;
	bool whole;

	must(devices_add(tx, &a, why), why);
	must(devices_find_pressed(tx, life, "A", false, &b, &whole, why), why);
	assert_false(whole);
	must(devices_find_pressed(tx, life, "A", true, &b, &whole, why), why);
	assert_true(whole);
	assert_string_equal(b.type, "button");
	a.profile = "flic";
	must(devices_save(tx, &a, why), why);
	must(devices_find_pressed(tx, life, "A", true, &b, &whole, why), why);
	assert_false(whole);
	a.on_click = "{}";
	must(devices_save(tx, &a, why), why);
	must(devices_find_pressed(tx, life, "A", true, &b, &whole, why), why);
	assert_true(whole);
	assert_string_equal(b.on_click, "{}");
	a.context = 1;
	must(devices_save(tx, &a, why), why);
	must(devices_find_pressed(tx, life, "A", true, &b, &whole, why), why);
	assert_false(whole);
	return ERR_NONE;
}

static void
hear_of(struct tx *tx, const char *id, int64_t seen_at, enum claim_state state)
{
	struct device d = a_device(id);
	struct fault why;

	d.profile = "flic";
	must(devices_add(tx, &d, &why), &why);
	d.seen_at = seen_at;
	d.state = state;
	d.claim_at = seen_at;
	must(devices_save(tx, &d, &why), &why);
}

TX_TEST(devices_ready_to_claim_come_last_heard_first)
{
	struct seen seen = { 0 }, rest = { 0 };
	struct device manual = a_device("M");
	bool are;

	must(devices_ready_are(tx, 1, &are, why), why);
	assert_false(are);
	must(devices_add(tx, &manual, why), why);
	hear_of(tx, "A", 10, DEVICE_UNCLAIMED);
	hear_of(tx, "B", 30, DEVICE_UNCLAIMED);
	hear_of(tx, "C", 30, DEVICE_UNCLAIMED);
	hear_of(tx, "D", 20, DEVICE_CLAIMED);
	hear_of(tx, "E", 25, DEVICE_CLAIM_INITIATED);
	hear_of(tx, "F", 15, DEVICE_CLAIM_INITIATED);
	must(devices_list_ready(tx, INT64_MAX, "", 20, 9, see_device, &seen, why), why);
	assert_string_equal(seen.text, "C B F A");
	must(devices_list_ready(tx, 30, "C", 20, 2, see_device, &rest, why), why);
	assert_string_equal(rest.text, "B F");
	must(devices_ready_are(tx, 5, &are, why), why);
	assert_true(are);
	must(devices_ready_are(tx, 6, &are, why), why);
	assert_false(are);
	return ERR_NONE;
}

static void
see_id(void *arg, const char *id)
{
	see(arg, id);
}

TX_TEST(a_family_is_a_device_and_its_buttons)
{
	static const char *const ids[] = { "AB", "AB.1", "AB.2", "AB.10", "ABC", "AB-1",
		"AB/", "A" };
	struct seen seen = { 0 }, buttons = { 0 }, none = { 0 };

	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
		claim(tx, ids[i], OURS);
	claim(tx, "X.1", OURS);
	must(devices_list_family(tx, "AB", see_id, &seen, why), why);
	assert_string_equal(seen.text, "AB AB.1 AB.10 AB.2");
	must(devices_list_family(tx, "X", see_id, &buttons, why), why);
	assert_string_equal(buttons.text, "X.1");
	must(devices_list_family(tx, "AB.3", see_id, &none, why), why);
	assert_int_equal(none.count, 0);
	return ERR_NONE;
}

TX_TEST(devices_not_heard_are_found_by_when_that_is_due)
{
	struct seen seen = { 0 }, one = { 0 };

	for (int i = 0; i < 4; i++) {
		struct device d = a_device((const char *[]){ "A", "B", "C", "D" }[i]);

		must(devices_add(tx, &d, why), why);
		d.quiet_at = (int64_t[]){ 0, 30, 10, 20 }[i];
		must(devices_save(tx, &d, why), why);
	}
	must(devices_list_quiet(tx, 20, 9, see_id, &seen, why), why);
	assert_string_equal(seen.text, "C D");
	must(devices_list_quiet(tx, 99, 1, see_id, &one, why), why);
	assert_string_equal(one.text, "C");
	return ERR_NONE;
}

static void
see_name(void *arg, const char *profile, const char *name, const char *id)
{
	see(arg, profile);
	see(arg, name);
	see(arg, id);
}

TX_TEST(friendly_names_are_kept_by_profile)
{
	struct seen seen = { 0 };

	must(aliases_set(tx, "z2m", "bell", "1", why), why);
	must(aliases_set(tx, "z2m", "door", "2", why), why);
	must(aliases_set(tx, "flic", "bell", "3", why), why);
	must(aliases_set(tx, "z2m", "bell", "4", why), why);
	must(aliases_list(tx, see_name, &seen, why), why);
	assert_string_equal(seen.text, "flic bell 3 z2m bell 4 z2m door 2");
	return ERR_NONE;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_pressed_has_what_a_press_needs),
		cmocka_unit_test(a_device_pressed_is_read_whole_when_that_is_needed),
		cmocka_unit_test(devices_ready_to_claim_come_last_heard_first),
		cmocka_unit_test(a_family_is_a_device_and_its_buttons),
		cmocka_unit_test(devices_not_heard_are_found_by_when_that_is_due),
		cmocka_unit_test(friendly_names_are_kept_by_profile),
	};

	return RUN_BOTH(tests);
}
