/* Who is let in, and at whose cost. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../../../src/service/crowd.h"
#include "oneclick/base/mem.h"

enum { ROOM = 20, SHARE = ROOM / 4, RESERVE = ROOM / 5 };

static struct crowd *crowd;
static int ended;

static void
end(struct guest *guest)
{
	ended++;
	crowd_leave(crowd, guest);
}

static int
set_up(void **state)
{
	(void)state;
	crowd = crowd_new(NULL, ROOM, end);
	ended = 0;
	return 0;
}

static bool
enter(struct guest *guest, const char *address)
{
	struct sockaddr_storage from = { 0 };
	struct sockaddr_in *four = (struct sockaddr_in *)&from;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&from;

	*guest = (struct guest){ 0 };
	from.ss_family = strchr(address, ':') ? AF_INET6 : AF_INET;
	assert_int_equal(inet_pton(from.ss_family, address,
				 from.ss_family == AF_INET ? (void *)&four->sin_addr
							   : (void *)&six->sin6_addr),
		1);
	return crowd_enter(crowd, guest, &from, false);
}

/* The n-th address of its own. */
static bool
enter_from_own(struct guest *guest, int n)
{
	char address[32];

	snprintf(address, sizeof address, "10.0.%d.%d", n / 250, n % 250 + 1);
	return enter(guest, address);
}

static void
empty(struct guest *guests, size_t count)
{
	for (size_t i = 0; i < count; i++)
		crowd_leave(crowd, &guests[i]);
	assert_int_equal(crowd_count(crowd), 0);
	crowd_free(crowd);
}

static void
a_place_holds_a_quarter_and_makes_room_for_its_own(void **state)
{
	struct guest guests[SHARE + 1];

	(void)state;
	for (int i = 0; i <= SHARE; i++)
		assert_true(enter(&guests[i], "192.0.2.1"));
	assert_int_equal(ended, 1);
	assert_null(guests[0].place);
	assert_non_null(guests[SHARE].place);
	empty(guests, SHARE + 1);
}

static void
those_at_work_are_left_alone(void **state)
{
	struct guest guests[SHARE + 1];

	(void)state;
	for (int i = 0; i < SHARE; i++) {
		assert_true(enter(&guests[i], "192.0.2.1"));
		guest_work(&guests[i]);
	}
	assert_false(enter(&guests[SHARE], "192.0.2.1"));
	assert_int_equal(ended, 0);
	empty(guests, SHARE + 1);
}

static void
the_fullest_place_makes_room_for_a_newcomer(void **state)
{
	struct guest guests[ROOM + 1];
	int n = 0;

	(void)state;
	for (int place = 1; place <= 3; place++)
		for (int i = 0; i < SHARE; i++)
			assert_true(enter(&guests[n++],
				place == 1 ? "192.0.2.1"
					   : (place == 2 ? "192.0.2.2" : "192.0.2.3")));
	while (n < ROOM - RESERVE)
		assert_true(enter_from_own(&guests[n], n)), n++;
	assert_int_equal(ended, 0);
	assert_true(enter(&guests[n++], "198.51.100.7"));
	assert_int_equal(ended, 1);
	assert_null(guests[0].place); /* the longest waiting of the fullest */
	empty(guests, (size_t)n);
}

static void
a_sixty_four_is_one_place_and_a_mapped_address_is_its_own(void **state)
{
	struct guest guests[2 * SHARE + 2];
	int n = 0;

	(void)state;
	for (int i = 0; i <= SHARE; i++) {
		char address[64];

		snprintf(address, sizeof address, "2001:db8::%x", i + 1);
		assert_true(enter(&guests[n++], address));
	}
	assert_int_equal(ended, 1);
	for (int i = 0; i <= SHARE; i++)
		assert_true(
			enter(&guests[n++], i % 2 ? "::ffff:192.0.2.1" : "192.0.2.1"));
	assert_int_equal(ended, 2);
	empty(guests, (size_t)n);
}

static void
strangers_cannot_fill_what_is_kept_for_the_known(void **state)
{
	struct guest guests[2 * ROOM];
	int n = 0;

	(void)state;
	assert_true(enter(&guests[n], "203.0.113.9"));
	guest_prove(crowd, &guests[n++]);
	for (int i = 0; i < ROOM; i++)
		assert_true(enter_from_own(&guests[n++], i));
	assert_int_equal(crowd_count(crowd), ROOM - RESERVE + 1);
	ended = 0;
	for (int i = 0; i < RESERVE - 1; i++)
		assert_true(enter(&guests[n++], "203.0.113.9"));
	assert_int_equal(ended, 0);
	empty(guests, (size_t)n);
}

static void
a_known_place_stays_known_when_it_has_left(void **state)
{
	struct guest guests[ROOM + 2];
	int n = 0;

	(void)state;
	assert_true(enter(&guests[n], "203.0.113.9"));
	guest_prove(crowd, &guests[n]);
	crowd_leave(crowd, &guests[n++]);
	for (int i = 0; i < ROOM - RESERVE; i++) {
		assert_true(enter_from_own(&guests[n], i));
		guest_work(&guests[n++]);
	}
	assert_false(enter(&guests[n], "198.51.100.7"));
	assert_true(enter(&guests[n++], "203.0.113.9"));
	empty(guests, (size_t)n);
}

static void
wrong_secrets_are_answered_later_and_later(void **state)
{
	struct guest guest, other;

	(void)state;
	assert_true(enter(&guest, "192.0.2.1"));
	assert_true(enter(&other, "192.0.2.2"));
	for (int i = 0; i < 3; i++)
		assert_int_equal(guest_fail(&guest), 0);
	assert_int_equal(guest_fail(&guest), 1000);
	assert_int_equal(guest_fail(&guest), 2000);
	for (int i = 0; i < 4; i++)
		guest_fail(&guest);
	assert_int_equal(guest_fail(&guest), 8000);
	assert_int_equal(guest_fail(&other), 0);
	crowd_leave(crowd, &other);
	empty(&guest, 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
	const struct CMUnitTest tests[] = {
		TEST(a_place_holds_a_quarter_and_makes_room_for_its_own),
		TEST(those_at_work_are_left_alone),
		TEST(the_fullest_place_makes_room_for_a_newcomer),
		TEST(a_sixty_four_is_one_place_and_a_mapped_address_is_its_own),
		TEST(strangers_cannot_fill_what_is_kept_for_the_known),
		TEST(a_known_place_stays_known_when_it_has_left),
		TEST(wrong_secrets_are_answered_later_and_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
