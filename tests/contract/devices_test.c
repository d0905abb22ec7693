#include "ground.h"

static bool
see_device(void *arg, const struct device *device)
{
	return see(arg, device->id);
}

TX_TEST(a_device_comes_back_as_it_was_saved)
{
	struct device a = a_device("G030PM0123456789"), b;

	a.claim_code = "C-8fgGLTzv5Tf";
	a.token_hash = "ab12";
	must(devices_add(tx, &a, why), why);
	a.account = OURS;
	a.claim_code = NULL;
	a.tags = "{\"floor\":\"3\"}";
	a.project = "hotel";
	a.placement = "room-7";
	a.template_name = "maid";
	a.on_click = "{\"callback\":\"x\"}";
	a.on_health = "{\"callback\":\"y\"}";
	a.state = DEVICE_CLAIMED;
	a.enabled = true;
	a.life = 97.65;
	a.clicks = 47;
	a.first_click_at = 1;
	a.seen_at = INT64_C(1525476393747);
	a.claim_at = 3;
	a.claim_heard_at = 4;
	a.enabled_at = 5;
	a.context = 6;
	a.calls = true;
	a.profile = "zigbee2mqtt";
	a.rated = 3000;
	a.presence = PRESENCE_OFFLINE;
	a.life_below = 12.5;
	a.life_told = true;
	a.quiet_after = 7;
	a.quiet_at = 8;
	must(devices_save(tx, &a, why), why);
	must(devices_find(tx, life, a.id, &b, why), why);
	assert_string_equal(b.id, a.id);
	assert_string_equal(b.account, OURS);
	assert_null(b.claim_code);
	assert_string_equal(b.token_hash, "ab12");
	assert_string_equal(b.type, "button");
	assert_string_equal(b.tags, a.tags);
	assert_string_equal(b.project, "hotel");
	assert_string_equal(b.placement, "room-7");
	assert_string_equal(b.template_name, "maid");
	assert_string_equal(b.on_click, a.on_click);
	assert_string_equal(b.on_health, a.on_health);
	assert_int_equal(b.state, DEVICE_CLAIMED);
	assert_true(b.enabled);
	assert_true(b.life == 97.65);
	assert_int_equal(b.clicks, 47);
	assert_int_equal(b.first_click_at, 1);
	assert_int_equal(b.seen_at, INT64_C(1525476393747));
	assert_int_equal(b.claim_at, 3);
	assert_int_equal(b.claim_heard_at, 4);
	assert_int_equal(b.enabled_at, 5);
	assert_int_equal(b.context, 6);
	assert_true(b.calls);
	assert_string_equal(b.profile, "zigbee2mqtt");
	assert_int_equal(b.rated, 3000);
	assert_int_equal(b.presence, PRESENCE_OFFLINE);
	assert_true(b.life_below == 12.5);
	assert_true(b.life_told);
	assert_int_equal(b.quiet_after, 7);
	assert_int_equal(b.quiet_at, 8);
	assert_true(b.num > 0);
	return ERR_NONE;
}

TX_TEST(a_new_device_belongs_to_nobody)
{
	struct device a = a_device("G030PM0123456789"), b;

	a.account = OURS; /* not taken by devices_add */
	a.state = DEVICE_CLAIMED;
	a.clicks = 9;
	must(devices_add(tx, &a, why), why);
	must(devices_find(tx, life, a.id, &b, why), why);
	assert_null(b.account);
	assert_int_equal(b.state, DEVICE_UNCLAIMED);
	assert_int_equal(b.clicks, 0);
	assert_string_equal(b.tags, "{}");
	return ERR_NONE;
}

TX_TEST(a_known_id_is_not_registered_twice)
{
	struct device a = a_device("G030PM0123456789");

	must(devices_add(tx, &a, why), why);
	assert_int_equal(devices_add(tx, &a, why), ERR_CONFLICT);
	assert_string_equal(
		why->sentence, "The device \"G030PM0123456789\" is registered already.");
	return ERR_NONE;
}

TX_TEST(an_unknown_device_is_named_in_the_fault)
{
	struct device d = a_device("G030PM0000000000");

	assert_int_equal(devices_find(tx, life, d.id, &d, why), ERR_NOT_FOUND);
	assert_string_equal(why->sentence, "There is no device \"G030PM0000000000\".");
	assert_int_equal(devices_save(tx, &d, why), ERR_NOT_FOUND);
	assert_int_equal(devices_save_click(tx, &d, why), ERR_NOT_FOUND);
	return ERR_NONE;
}

TX_TEST(anothers_device_looks_like_an_unknown_one)
{
	struct fault unknown;
	struct device d;

	claim(tx, "G030PM0123456789", THEIRS);
	assert_int_equal(devices_find_own(tx, life, OURS, "G030PM0123456789", &d, why),
		ERR_NOT_FOUND);
	assert_string_equal(why->sentence,
		"There is no device \"G030PM0123456789\" in this account.");
	assert_int_equal(
		devices_find_own(tx, life, OURS, "G030PM9", &d, &unknown), ERR_NOT_FOUND);
	assert_string_equal(
		unknown.sentence, "There is no device \"G030PM9\" in this account.");
	return ERR_NONE;
}

TX_TEST(a_device_being_claimed_is_found_by_who_claims_it)
{
	struct device d = a_device("G030PM0123456789"), found;

	must(devices_add(tx, &d, why), why);
	assert_int_equal(
		devices_find_own(tx, life, OURS, d.id, &found, why), ERR_NOT_FOUND);
	d.account = OURS;
	d.state = DEVICE_CLAIM_INITIATED;
	must(devices_save(tx, &d, why), why);
	must(devices_find_own(tx, life, OURS, d.id, &found, why), why);
	assert_int_equal(found.state, DEVICE_CLAIM_INITIATED);
	return ERR_NONE;
}

TX_TEST(a_click_writes_the_hot_members_only)
{
	struct device d, found;

	claim(tx, "G030PM0123456789", OURS);
	must(devices_find(tx, life, "G030PM0123456789", &d, why), why);
	d.clicks = 1;
	d.life = 99.95;
	d.first_click_at = d.seen_at = 10;
	d.claim_heard_at = 11;
	d.context = 12;
	d.account = THEIRS;
	d.tags = "{\"a\":\"b\"}";
	must(devices_save_click(tx, &d, why), why);
	must(devices_find(tx, life, d.id, &found, why), why);
	assert_int_equal(found.clicks, 1);
	assert_true(found.life == 99.95);
	assert_int_equal(found.first_click_at, 10);
	assert_int_equal(found.seen_at, 10);
	assert_int_equal(found.claim_heard_at, 11);
	assert_int_equal(found.context, 12);
	assert_string_equal(found.account, OURS);
	assert_string_equal(found.tags, "{}");
	return ERR_NONE;
}

TX_TEST(a_list_has_the_claimed_devices_of_the_account_in_order)
{
	struct seen seen = { 0 }, rest = { 0 }, two = { 0 },
		    stopped = { .stop_after = 1 };
	struct device pending = a_device("B");

	claim(tx, "C", OURS);
	claim(tx, "A", OURS);
	claim(tx, "D", OURS);
	claim(tx, "AA", THEIRS);
	must(devices_add(tx, &pending, why), why);
	pending.account = OURS;
	pending.state = DEVICE_CLAIM_INITIATED;
	must(devices_save(tx, &pending, why), why);
	must(devices_list(tx, OURS, "", 250, see_device, &seen, why), why);
	assert_string_equal(seen.text, "A C D");
	must(devices_list(tx, OURS, "A", 250, see_device, &rest, why), why);
	assert_string_equal(rest.text, "C D");
	must(devices_list(tx, OURS, "", 2, see_device, &two, why), why);
	assert_string_equal(two.text, "A C");
	must(devices_list(tx, OURS, "", 250, see_device, &stopped, why), why);
	assert_string_equal(stopped.text, "A");
	return ERR_NONE;
}

TX_TEST(an_unclaimed_device_leaves_the_list)
{
	struct seen seen = { 0 };
	struct device d;

	claim(tx, "A", OURS);
	must(devices_find(tx, life, "A", &d, why), why);
	d.account = NULL;
	d.state = DEVICE_UNCLAIMED;
	must(devices_save(tx, &d, why), why);
	must(devices_list(tx, OURS, "", 250, see_device, &seen, why), why);
	assert_int_equal(seen.count, 0);
	return ERR_NONE;
}

TX_TEST(a_claim_code_gives_the_devices_not_claimed_yet)
{
	struct seen seen = { 0 }, none = { 0 };
	struct device d;

	for (int i = 0; i < 3; i++) {
		d = a_device((const char *[]){ "A", "B", "C" }[i]);
		d.claim_code = "C-8fgGLTzv5Tf";
		must(devices_add(tx, &d, why), why);
	}
	d.state = DEVICE_CLAIMED;
	d.account = OURS;
	must(devices_save(tx, &d, why), why);
	must(devices_list_code(tx, "C-8fgGLTzv5Tf", see_device, &seen, why), why);
	assert_string_equal(seen.text, "A B");
	must(devices_list_code(tx, "C-other00000", see_device, &none, why), why);
	assert_int_equal(none.count, 0);
	return ERR_NONE;
}

static enum err
place(struct tx *tx, const char *id, const char *placement, const char *template,
	struct fault *why)
{
	struct device d;
	void *life = mem_life(NULL);
	enum err err = devices_find(tx, life, id, &d, why);

	d.project = "hotel";
	d.placement = placement;
	d.template_name = template;
	d.context = 5;
	if (!err)
		err = devices_save(tx, &d, why);
	mem_free(life);
	return err;
}

TX_TEST(a_placement_knows_its_devices_by_template)
{
	struct pairs *pairs = NULL;

	claim(tx, "A", OURS);
	claim(tx, "B", OURS);
	claim(tx, "C", OURS);
	must(place(tx, "A", "room-7", "maid", why), why);
	must(place(tx, "B", "room-7", "bar", why), why);
	must(place(tx, "C", "room-8", "bar", why), why);
	must(devices_in_placement(tx, life, OURS, "hotel", "room-7", &pairs, why), why);
	assert_int_equal(pairs->count, 2);
	assert_string_equal(pairs_get(pairs, "maid"), "A");
	assert_string_equal(pairs_get(pairs, "bar"), "B");
	must(devices_in_placement(tx, life, OURS, "hotel", "room-9", &pairs, why), why);
	assert_int_equal(pairs->count, 0);
	return ERR_NONE;
}

TX_TEST(a_slot_holds_one_device)
{
	claim(tx, "A", OURS);
	claim(tx, "B", OURS);
	must(place(tx, "A", "room-7", "maid", why), why);
	assert_int_equal(place(tx, "B", "room-7", "maid", why), ERR_CONFLICT);
	assert_string_equal(why->sentence,
		"The placement \"room-7\" already has a device for \"maid\".");
	return ERR_NONE;
}

static int64_t
context_of(struct tx *tx, const char *id)
{
	struct fault why;
	struct device d;
	void *life = mem_life(NULL);

	must(devices_find(tx, life, id, &d, &why), &why);
	mem_free(life);
	return d.context;
}

TX_TEST(a_changed_placement_makes_its_devices_forget_their_context)
{
	claim(tx, "A", OURS);
	claim(tx, "B", OURS);
	must(place(tx, "A", "room-7", "maid", why), why);
	must(place(tx, "B", "room-8", "maid", why), why);
	must(devices_forget_context(tx, OURS, "hotel", "room-7", why), why);
	assert_int_equal(context_of(tx, "A"), 0);
	assert_int_equal(context_of(tx, "B"), 5);
	must(devices_forget_context(tx, THEIRS, "hotel", NULL, why), why);
	assert_int_equal(context_of(tx, "B"), 5);
	must(devices_forget_context(tx, OURS, "hotel", NULL, why), why);
	assert_int_equal(context_of(tx, "B"), 0);
	return ERR_NONE;
}

/* ---- walking a list while it grows ----------------------------------------------------
 */

struct walk {
	char last[40];
	int visits[200]; /* of the devices that stood there before */
	int page;
};

static bool
visit(void *arg, const struct device *device)
{
	struct walk *walk = arg;

	if (strlen(device->id) == strlen("G030P_M000"))
		walk->visits[atoi(device->id + 7)]++;
	snprintf(walk->last, sizeof(walk->last), "%s", device->id);
	walk->page++;
	return true;
}

static enum err
walk_page(struct tx *tx, void *arg, struct fault *why)
{
	struct walk *walk = arg;
	char after[40];

	strcpy(after, walk->last);
	walk->page = 0;
	return devices_list(tx, OURS, after, 17, visit, walk, why);
}

static void
claim_one(struct tx *tx, char where, int number)
{
	char id[40];

	snprintf(id, sizeof(id), "G030P_%c%03d-", where, number);
	claim(tx, id, OURS);
}

/* Before, behind and among those that stood there before, on both sides of the walk. */
static enum err
claim_between(struct tx *tx, void *arg, struct fault *why)
{
	int turn = *(int *)arg;

	(void)why;
	claim_one(tx, 'A', turn);
	claim_one(tx, 'M', turn * 7);
	claim_one(tx, 'M', 199 - turn * 3);
	claim_one(tx, 'Z', turn);
	return ERR_NONE;
}

static enum err
claim_200(struct tx *tx, void *arg, struct fault *why)
{
	char id[40];

	(void)arg;
	(void)why;
	for (int i = 0; i < 200; i++) {
		snprintf(id, sizeof(id), "G030P_M%03d", i);
		claim(tx, id, OURS);
	}
	return ERR_NONE;
}

static void
a_walk_visits_each_item_once_whatever_is_inserted(void **state)
{
	struct ground *ground = *state;
	struct walk walk = { .page = 1 };

	must(store_write(ground->store, claim_200, NULL, &ground->why), &ground->why);
	for (int turn = 0; walk.page > 0 && turn < 100; turn++) {
		must(store_read(ground->store, walk_page, &walk, &ground->why),
			&ground->why);
		if (turn < 20)
			must(store_write(
				     ground->store, claim_between, &turn, &ground->why),
				&ground->why);
	}
	assert_int_equal(walk.page, 0);
	for (int i = 0; i < 200; i++)
		assert_int_equal(walk.visits[i], 1);
}

static enum err
claim_many(struct tx *tx, void *arg, struct fault *why)
{
	char id[40];

	(void)arg;
	(void)why;
	for (int i = 0; i < 100000; i++) {
		snprintf(id, sizeof(id), "G030PM%06d", i);
		claim(tx, id, OURS);
	}
	return ERR_NONE;
}

static enum err
read_last_page(struct tx *tx, void *arg, struct fault *why)
{
	return devices_list(tx, OURS, "G030PM099996", 250, see_device, arg, why);
}

static void
the_last_page_of_100000_devices_has_the_right_rows(void **state)
{
	struct ground *ground = *state;
	struct seen seen = { 0 };

	must(store_write(ground->store, claim_many, NULL, &ground->why), &ground->why);
	must(store_read(ground->store, read_last_page, &seen, &ground->why),
		&ground->why);
	assert_string_equal(seen.text, "G030PM099997 G030PM099998 G030PM099999");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_comes_back_as_it_was_saved),
		cmocka_unit_test(a_new_device_belongs_to_nobody),
		cmocka_unit_test(a_known_id_is_not_registered_twice),
		cmocka_unit_test(an_unknown_device_is_named_in_the_fault),
		cmocka_unit_test(anothers_device_looks_like_an_unknown_one),
		cmocka_unit_test(a_device_being_claimed_is_found_by_who_claims_it),
		cmocka_unit_test(a_click_writes_the_hot_members_only),
		cmocka_unit_test(a_list_has_the_claimed_devices_of_the_account_in_order),
		cmocka_unit_test(an_unclaimed_device_leaves_the_list),
		cmocka_unit_test(a_claim_code_gives_the_devices_not_claimed_yet),
		cmocka_unit_test(a_placement_knows_its_devices_by_template),
		cmocka_unit_test(a_slot_holds_one_device),
		cmocka_unit_test(
			a_changed_placement_makes_its_devices_forget_their_context),
		cmocka_unit_test(a_walk_visits_each_item_once_whatever_is_inserted),
		cmocka_unit_test(the_last_page_of_100000_devices_has_the_right_rows),
	};

	return RUN_BOTH(tests);
}
