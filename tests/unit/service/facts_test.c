/* What is known of a request, key by key, and what is not. */
#include "../../../src/service/auth/facts.h"
#include "fleet.h"

#define ARN(what) "arn:aws:iot1click:us-west-2:" ACCOUNT ":" what

struct inquiry {
	struct facts facts;
	const char *key;
	struct texts found;
};

static enum err
look(struct tx *tx, void *arg, struct fault *why)
{
	struct inquiry *inquiry = arg;
	struct policy_context context = facts_context(&inquiry->facts);

	(void)why;
	inquiry->facts.tx = tx;
	inquiry->found = context.find(context.arg, inquiry->key);
	return ERR_NONE;
}

/* The values, with commas; "" for none. */
static const char *
find(const struct facts *facts, const char *key)
{
	struct inquiry inquiry = { .facts = *facts, .key = key };
	struct buf out;

	must(store_read(fleet.store, look, &inquiry, &fleet.why));
	assert_int_equal(inquiry.facts.err, ERR_NONE);
	buf_init(&out, fleet.life, BUF_NO_CAP);
	for (size_t i = 0; i < inquiry.found.count; i++)
		buf_format(&out, "%s%s", i ? "," : "", inquiry.found.item[i]);
	return out.data;
}

static struct facts
make_facts(void)
{
	return (struct facts){
		.ctx = fleet.life,
		.settings = &fleet.settings,
		.now = fleet.now,
		.account = ACCOUNT,
		.resource = ARN("projects/AnytownDumpsters"),
	};
}

static const char *const keys[] = { "aws:CurrentTime", "aws:EpochTime",
	"aws:PrincipalAccount", "aws:PrincipalArn", "aws:PrincipalTag/team",
	"aws:RequestTag/team", "aws:RequestedRegion", "aws:ResourceTag/team",
	"aws:SecureTransport", "aws:SourceIp", "aws:TagKeys", "aws:UserAgent",
	"aws:userid", "aws:username" };

static void
expect(const struct facts *facts, const char *const wanted[])
{
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		assert_string_equal(find(facts, keys[i]), wanted[i]);
}

static void
of_a_request_all_is_known(void **state)
{
	static const char *removed[] = { "old" };
	struct sign_header agent = { "user-agent", "aws-cli/2" };
	const struct request request = {
		.peer = "192.0.2.1", .secure = true, .header = &agent, .header_count = 1
	};
	const struct principal ann = { .account = ACCOUNT,
		.user = "ann",
		.arn = "arn:aws:iam::" ACCOUNT ":user/ann",
		.tags = read_labels("Team=red team=blue") };
	const struct texts tag_keys = { .item = removed, .count = 1 };
	struct facts facts = make_facts();

	(void)state;
	facts.request = &request;
	facts.principal = &ann;
	facts.request_tags = read_labels("TEAM=green");
	facts.tag_keys = &tag_keys;
	facts.resource_tags = read_labels("floor=2 team=white");
	expect(&facts, (const char *const[]){ "2019-07-18T20:51:40.000Z", "1563483100",
			       ACCOUNT, "arn:aws:iam::" ACCOUNT ":user/ann", "blue",
			       "green", "us-west-2", "white", "true", "192.0.2.1",
			       "TEAM,old", "aws-cli/2", ACCOUNT ":ann", "ann" });
	assert_string_equal(find(&facts, "aws:RequestTag/none"), "");
}

static void
of_nobody_who_asks_nothing_little_is_known(void **state)
{
	struct facts facts = make_facts();

	(void)state;
	expect(&facts, (const char *const[]){ "2019-07-18T20:51:40.000Z", "1563483100",
			       "", "", "", "", "us-west-2", "", "", "", "", "", "", "" });
}

static void
our_own_socket_has_no_address_and_is_not_secure(void **state)
{
	const struct request request = { .peer = "local", .local = true };
	struct facts facts = make_facts();

	(void)state;
	facts.request = &request;
	assert_string_equal(find(&facts, "aws:SourceIp"), "");
	assert_string_equal(find(&facts, "aws:SecureTransport"), "false");
	assert_string_equal(find(&facts, "aws:UserAgent"), "");
}

static void
what_is_supposed_comes_before_what_is(void **state)
{
	static const char said[] =
		"{\"aws:username\": \"bob\", \"AWS:TAGKEYS\": [\"a\", \"b\"]}";
	struct facts facts = make_facts();

	(void)state;
	must(json_parse(fleet.life, said, strlen(said), &facts.supposed, &fleet.why));
	assert_string_equal(find(&facts, "aws:UserName"), "bob");
	assert_string_equal(find(&facts, "aws:TagKeys"), "a,b");
	assert_string_equal(find(&facts, "aws:RequestedRegion"), "us-west-2");
}

static void
a_key_that_is_not_known_has_no_values(void **state)
{
	static const char *const unknown[] = { "aws:SourceVpc", "aws:ResourceTag/",
		"aws:PrincipalTag", "", "/" };
	struct facts facts = make_facts();

	(void)state;
	for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
		assert_string_equal(find(&facts, unknown[i]), "");
}

static void
tag_device_and_project(void)
{
	claim(ENTERPRISE);
	make_project();
	must(call(OP_TAG_DEVICE, label("resourceArn", ARN("devices/" ENTERPRISE)), NULL,
		"{\"tags\": {\"Room\": \"7\"}}"));
	must(call(OP_TAG_PROJECT, label("resourceArn", ARN("projects/AnytownDumpsters")),
		NULL, "{\"tags\": {\"room\": \"8\"}}"));
}

static void
a_resource_has_the_tags_of_the_store(void **state)
{
	static const struct {
		const char *resource, *room;
	} rows[] = {
		{ ARN("devices/" ENTERPRISE), "7" },
		{ ARN("projects/AnytownDumpsters"), "8" },
		{ ARN("devices/" SECOND), "" },
		{ ARN("projects/none"), "" },
		{ "arn:aws:iot1click:us-west-2:999999999999:devices/" ENTERPRISE, "" },
		{ "arn:aws:iot1click:eu-west-1:" ACCOUNT ":devices/" ENTERPRISE, "" },
		{ "*", "" },
	};

	(void)state;
	tag_device_and_project();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct facts facts = make_facts();

		facts.resource = rows[i].resource;
		assert_string_equal(find(&facts, "aws:ResourceTag/room"), rows[i].room);
	}
}

/* It is not asked twice for what it could not say. */
static void
a_store_that_failed_is_not_asked_again(void **state)
{
	struct inquiry inquiry = { .facts = make_facts(), .key = "aws:ResourceTag/room" };

	(void)state;
	tag_device_and_project();
	inquiry.facts.err = ERR_BROKEN;
	must(store_read(fleet.store, look, &inquiry, &fleet.why));
	assert_int_equal(inquiry.found.count, 0);
	assert_int_equal(inquiry.facts.err, ERR_BROKEN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(of_a_request_all_is_known),
		TEST(of_nobody_who_asks_nothing_little_is_known),
		TEST(our_own_socket_has_no_address_and_is_not_secure),
		TEST(what_is_supposed_comes_before_what_is),
		TEST(a_key_that_is_not_known_has_no_values),
		TEST(a_resource_has_the_tags_of_the_store),
		TEST(a_store_that_failed_is_not_asked_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
