#include "profiles.h"

#define CLICK "clickType: {ptr: /c, map: {s: SINGLE}}"
#define ID "deviceId: {topic: id}"

struct row {
	const char *messages, *sentence; /* after LINE:COLUMN */
};

static void
expect_refused(struct place *place, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *sentence = refusal(place, wrap(place, rows[i].messages));

		if (!sentence)
			fail_msg("taken: %s", rows[i].messages);
		assert_string_equal(sentence, rows[i].sentence);
	}
}
#define REFUSED(place, rows) expect_refused(place, rows, sizeof(rows) / sizeof(*(rows)))

static void
the_sentence_names_file_line_column_and_field(void **state)
{
	static const char text[] = "profile: test\n"
				   "messages:\n"
				   "  - via: mqtt\n"
				   "    topic: a/{id}\n"
				   "    deviceId: {topic: id}\n"
				   "    clickType:\n"
				   "      ptr: /c\n"
				   "      re: 'a(b'\n";
	struct place *place = *state;
	struct fault why;

	assert_null(load(place, text, &why));
	assert_string_equal(why.sentence,
		"8:7: messages[0].clickType: re: the pattern fails at its letter 4: "
		"missing "
		"closing parenthesis");
}

static void
unknown_keys_are_refused_with_the_nearest(void **state)
{
	static const struct row rows[] = {
		{ "{via: mqtt, topik: x}",
			"messages[0]: there is no \"topik\" here; did you mean topic" },
		{ "{via: mqtt, topic: 'a/{id}', " ID ", clickTyp: {ptr: /c}}",
			"messages[0]: there is no \"clickTyp\" here; did you mean "
			"clickType" },
		{ "{via: mqtt, topic: 'a/{id}', " ID ", clickType: {ptr: /c, mapp: {}}}",
			"messages[0].clickType: there is no \"mapp\" here; did you mean "
			"map" },
		{ "{via: mqtt, topic: 'a/{id}', deviceId: {topic: idd}, " CLICK "}",
			"messages[0].deviceId: the topic has no {idd}; did you mean id" },
		{ "{via: mqtt, topic: 'a/{id}', synthesise: {longMs: 500}}",
			"messages[0]: there is no \"synthesise\" here" },
		{ "{via: udp, topic: a}",
			"messages[0]: via is mqtt or http, not \"udp\"" },
	};
	struct place *place = *state;

	REFUSED(place, rows);
	assert_string_equal(refusal(place, "profil: x\n"),
		"profile: there is no \"profil\" here; did you mean profile");
	assert_string_equal(
		refusal(place, "- profile\n"), "profile: it must be a map, not a list");
}

static void
bare_words_that_others_take_for_truths_are_refused(void **state)
{
	static const struct row rows[] = {
		{ "{via: mqtt, topic: 'a/{id}', " ID
		  ", clickType: {ptr: /c, map: {single: SINGLE, on: SINGLE}}}",
			"messages[0].clickType: write 'on' in quotes: other readers of "
			"YAML "
			"take the bare word for true or false" },
		{ "{via: mqtt, topic: 'a/{id}', " ID
		  ", clickType: {ptr: /c, map: {No: SINGLE}}}",
			"messages[0].clickType: write 'No' in quotes: other readers of "
			"YAML "
			"take the bare word for true or false" },
		{ "{via: mqtt, topic: 'a/{id}', " ID
		  ", online: {ptr: /c, map: {off: false}}}",
			"messages[0].online: write 'off' in quotes: other readers of "
			"YAML "
			"take "
			"the bare word for true or false" },
	};
	struct place *place = *state;

	REFUSED(place, rows);
	assert_null(refusal(place,
		wrap(place, "{via: mqtt, topic: 'a/{id}', " ID
			    ", online: {ptr: /c, map: {\"off\": false, 'On': true}}}")));
}

static void
what_must_be_a_text_needs_quotes(void **state)
{
	static const struct row rows[] = {
		{ "{via: mqtt, topic: 'a/{id}', " ID ", clickType: {ptr: /c, re: 12}}",
			"messages[0].clickType: re must be a text, and this is a whole "
			"number; put it in quotes" },
		{ "{via: mqtt, topic: 'a/{id}', " ID ", clickType: {ptr: 5}}",
			"messages[0].clickType: a pointer is a text, not a whole "
			"number" },
		{ "{via: mqtt, topic: 12, " ID "}",
			"messages[0].topic: it must be a text, not a whole number" },
		{ "{via: mqtt, topic: 'a/{id}', " ID
		  ", clickType: {ptr: /c, strip: [a]}}",
			"messages[0].clickType: strip must be a text, and this is a "
			"list" },
	};

	REFUSED(*state, rows);
}

static void
topics_are_checked(void **state)
{
	static const struct row rows[] = {
		{ "{via: mqtt}", "messages[0]: topic is missing" },
		{ "{via: mqtt, topic: ''}",
			"messages[0].topic: a topic has 1 to 256 bytes of UTF-8" },
		{ "{via: mqtt, topic: 'a/+'}", "messages[0].topic: a topic has {name} "
					       "for one level and {name...} "
					       "for "
					       "several, not + or #" },
		{ "{via: mqtt, topic: 'a/{}'}", "messages[0].topic: a placeholder is "
						"{name} or {name...}, the name "
						"of "
						"letters, digits and _" },
		{ "{via: mqtt, topic: 'a/{b'}", "messages[0].topic: a placeholder is "
						"{name} or {name...}, the name "
						"of "
						"letters, digits and _" },
		{ "{via: mqtt, topic: 'a/b}'}",
			"messages[0].topic: a } has no { before it" },
		{ "{via: mqtt, topic: '{a}{b}'}",
			"messages[0].topic: a level has one placeholder at most" },
		{ "{via: mqtt, topic: 'x{a...}'}",
			"messages[0].topic: {a...} takes whole levels" },
		{ "{via: mqtt, topic: '{a}/{a}'}",
			"messages[0].topic: {a} stands twice" },
		{ "{via: mqtt, topic: '{a...}/x/{b...}'}",
			"messages[0].topic: one {name...} is taken, not two" },
		{ "{via: mqtt, topic: '1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/7'}",
			"messages[0].topic: a topic has 16 levels at most" },
		{ "{via: mqtt, topic: a, skipTopics: ['#/a']}",
			"messages[0].skipTopics[0]: # stands at the end only" },
		{ "{via: mqtt, topic: a, skipTopics: ['a+']}",
			"messages[0].skipTopics[0]: + and # stand for whole levels" },
		{ "{via: mqtt, topic: a, path: /ingest/x}",
			"messages[0].path: it belongs to messages via http" },
	};

	REFUSED(*state, rows);
}

static void
values_are_checked(void **state)
{
	static const struct row rows[] = {
		{ "{via: mqtt, topic: '{id}', deviceId: {case: upper}, " CLICK "}",
			"messages[0].deviceId: a source is missing: ptr, root, topic, "
			"header "
			"or key" },
		{ "{via: mqtt, topic: '{id}', deviceId: {topic: id, ptr: /x}, " CLICK "}",
			"messages[0].deviceId: one source is taken: ptr, root, topic, "
			"header "
			"or key" },
		{ "{via: mqtt, topic: '{id}', deviceId: {header: x}, " CLICK "}",
			"messages[0].deviceId: only messages via http have headers" },
		{ "{via: mqtt, topic: '{id}', deviceId: {key: 1}, " CLICK "}",
			"messages[0].deviceId: key needs forEach: {object: ..., key: "
			"...} "
			"in "
			"its message" },
		{ "{via: mqtt, topic: '{id}', deviceId: {ptr: x}, " CLICK "}",
			"messages[0].deviceId: a pointer is \"\" (the whole) or begins "
			"with /: "
			"\"/x\"" },
		{ "{via: mqtt, topic: '{id}', deviceId: {ptr: /x~2}, " CLICK "}",
			"messages[0].deviceId: a ~ in a pointer is ~0, a / is ~1" },
		{ "{via: mqtt, topic: '{id}', deviceId: {topic: id, case: big}, " CLICK
		  "}",
			"messages[0].deviceId: case is upper or lower, not \"big\"" },
		{ "{via: mqtt, topic: '{id}', deviceId: {topic: id, alias: "
		  "required}, " CLICK "}",
			"messages[0].deviceId: alias needs a message with alias: {from, "
			"to}, "
			"which tells the names" },
		{ "{via: mqtt, topic: '{id}', " ID
		  ", clickType: {ptr: /c, map: {a: ONCE}}}",
			"messages[0].clickType: \"a\" maps to \"ONCE\", which is not "
			"SINGLE, "
			"DOUBLE or LONG" },
		{ "{via: mqtt, topic: '{id}', " ID
		  ", clickType: {ptr: /c, else: {ptr: /d, map: {a: Single}}}}",
			"messages[0].clickType.else: \"a\" maps to \"Single\", which is "
			"not "
			"SINGLE, DOUBLE or LONG" },
		{ "{via: mqtt, topic: '{id}', " ID ", online: {ptr: /c, map: {a: up}}}",
			"messages[0].online: \"a\" maps to \"up\", which is not true or "
			"false" },
		{ "{via: mqtt, topic: '{id}', " ID
		  ", remainingLife: {ptr: /b, linear: [1, "
		  "0, 1, 100]}}",
			"messages[0].remainingLife: linear is [x0, y0, x1, y1], four "
			"numbers, "
			"x0 and x1 not the same" },
		{ "{via: mqtt, topic: '{id}', " ID
		  ", remainingLife: {ptr: /b, linear: [.nan, 0, 1, 100]}}",
			"messages[0].remainingLife: linear is [x0, y0, x1, y1], four "
			"numbers, "
			"x0 and x1 not the same" },
		{ "{via: mqtt, topic: '{id}', " ID
		  ", clickType: {ptr: /c, map: {a: .inf}}}",
			"messages[0].clickType: what \"a\" maps to must be a text" },
		{ "{via: mqtt, topic: '{id}', deviceId: {topic: id, linear: "
		  "[0,0,1,1]}, " CLICK "}",
			"messages[0].deviceId: only remainingLife takes linear" },
		{ "{via: mqtt, topic: '{id}', deviceId: {topic: id, unit: s}, " CLICK "}",
			"messages[0].deviceId: only reportedTime takes unit" },
		{ "{via: mqtt, topic: '{id}', deviceId: {ptr: /a, else: {ptr: /a, else: "
		  "{ptr: "
		  "/a, else: {ptr: /a, else: {ptr: /a, else: {ptr: /a}}}}}}, " CLICK "}",
			"messages[0].deviceId.else.else.else.else: else goes 4 deep at "
			"most" },
	};

	REFUSED(*state, rows);
}

static void
rows_are_checked(void **state)
{
	static const struct row rows[] = {
		{ "", "messages: it has 0 items; 1 to 32 are taken" },
		{ "{topic: a}", "messages[0]: via is missing: mqtt or http" },
		{ "{via: mqtt, topic: a}", "messages[0]: deviceId is missing" },
		{ "{via: mqtt, topic: '{id}', " ID "}",
			"messages[0]: it says nothing: clickType, remainingLife or "
			"online "
			"is "
			"missing" },
		{ "{via: mqtt, topic: '{id}', retained: accept, " ID ", " CLICK "}",
			"messages[0]: a retained message is an old state and no click: "
			"accept "
			"goes without clickType" },
		{ "{via: mqtt, topic: '{id}', when: [{ptr: /a, re: b}], " ID ", " CLICK
		  "}",
			"messages[0]: when is asked of each item: it needs forEach" },
		{ "{via: mqtt, topic: '{id}', where: [{ptr: /a}], " ID ", " CLICK "}",
			"messages[0].where[0]: re is missing: what must hold" },
		{ "{via: mqtt, topic: '{id}', where: [{key: 1, re: a}], forEach: "
		  "{object: "
		  "'', key: a}, " ID ", " CLICK "}",
			"messages[0].where[0]: key needs forEach: {object: ..., key: "
			"...} "
			"in "
			"its message" },
		{ "{via: mqtt, topic: '{id}', forEach: {object: ''}, " ID ", " CLICK "}",
			"messages[0].forEach: object needs key, a pattern for its keys" },
		{ "{via: mqtt, topic: '{id}', forEach: {array: '', key: a}, " ID "}",
			"messages[0].forEach: it is {array: POINTER} or {object: "
			"POINTER, "
			"key: PATTERN}" },
		{ "{via: mqtt, topic: '{id}', alias: {from: {ptr: /a}}}",
			"messages[0].alias: from and to are needed" },
		{ "{via: mqtt, topic: '{id}', alias: {from: {ptr: /a}, to: {ptr: "
		  "/b}}, " ID "}",
			"messages[0].deviceId: a message with alias names devices and "
			"says "
			"nothing else" },
		{ "{via: mqtt, topic: '{id}', " ID ", " CLICK
		  ", dedupe: {windowSeconds: 3}}",
			"messages[0].dedupe: key is missing: a list of values" },
		{ "{via: mqtt, topic: '{id}', " ID ", " CLICK
		  ", dedupe: {key: [{ptr: /a}], windowSeconds: 0}}",
			"messages[0].dedupe: windowSeconds is a whole number of seconds, "
			"1 "
			"to "
			"604800" },
		{ "{via: http, path: /x, deviceId: {header: x}, " CLICK "}",
			"messages[0].path: it is /ingest/ and a name of small letters, "
			"digits, "
			"- _ . and /, not /ingest/oneclick, which is the service's own" },
		{ "{via: http, path: /ingest/x, verify: maybe, deviceId: {header: "
		  "x}, " CLICK "}",
			"messages[0]: verify is token, bearer, basic or soracom-beam, "
			"not "
			"\"maybe\"" },
		{ "{via: http, path: /ingest/x, retained: accept}",
			"messages[0].retained: it belongs to messages via mqtt" },
	};

	REFUSED(*state, rows);
}

static void
the_head_is_checked(void **state)
{
	static const char rest[] =
		"messages: [{via: mqtt, topic: '{id}', " ID ", " CLICK "}]\n"
		"samples: [{topic: a/b, payload: '', expect: nothing}]\n";
	static const struct row rows[] = {
		{ "", "profile: the name of the product is missing or not 1 to 64 small "
		      "letters, digits, - _ ." },
		{ "profile: My Button\n", "profile: the name of the product is missing "
					  "or not 1 to 64 small "
					  "letters, digits, - _ ." },
		{ "profile: x\nidPrefix: TOOLONG\n",
			"idPrefix: it has 4 letters or digits" },
		{ "profile: x\nidPrefix: 1234\n", "idPrefix: it must be a text, "
						  "and this is a whole number; put "
						  "it "
						  "in quotes" },
		{ "profile: x\ndeviceType: lamp\n",
			"deviceType: it is button, not \"lamp\"" },
		{ "profile: x\nregister: yes\n",
			"register: it is manual or auto, not \"yes\"" },
		{ "profile: x\nratedClicks: 0\n",
			"ratedClicks: it is a whole number of clicks, 1 to 1000000" },
	};
	struct place *place = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(refusal(place, mem_format(place->life, "%s%s",
							   rows[i].messages, rest)),
			rows[i].sentence);
	assert_string_equal(refusal(place, "profile: x\n"), "messages: it is missing");
}

static void
samples_must_hold(void **state)
{
	static const char head[] = "profile: x\nmessages: [{via: mqtt, topic: 'a/{id}', "
				   "deviceId: {topic: id}, clickType: {ptr: /c}, "
				   "remainingLife: {ptr: /b}}]\n";
	static const struct row rows[] = {
		{ "", "samples: it is missing: a message that the product sends, and "
		      "what "
		      "is "
		      "to come of it" },
		{ "samples: []", "samples: it has 0 items; 1 to 256 are taken" },
		{ "samples: [{topic: a/b, expect: nothing}]",
			"samples[0]: payload is missing" },
		{ "samples: [{payload: '', expect: nothing}]",
			"samples[0]: topic or path is needed" },
		{ "samples: [{topic: a/b, payload: ''}]",
			"samples[0]: expect is missing" },
		{ "samples: [{topic: a/b, payload: '', expect: never}]",
			"samples[0]: expect is {deviceId: ..., clickType: ...}, a list "
			"of "
			"such, nothing or refused" },
		{ "samples: [{topic: a/dev1, payload: {c: SINGLE, b: 5}, expect: "
		  "nothing}]",
			"samples[0]: it gives deviceId dev1, clickType SINGLE, "
			"remainingLife "
			"5; expected was nothing" },
		{ "samples: [{topic: a/dev1, payload: {c: SINGLE}, expect: nothing}]",
			"samples[0]: it gives deviceId dev1, clickType SINGLE; expected "
			"was "
			"nothing" },
		{ "samples: [{topic: a/dev1, payload: {c: SINGLE, b: 5}, expect: "
		  "{deviceId: "
		  "dev1, clickType: SINGLE}}]",
			"samples[0]: it gives deviceId dev1, clickType SINGLE, "
			"remainingLife "
			"5; expected was deviceId dev1, clickType SINGLE" },
		{ "samples: [{topic: a/dev1, payload: '', expect: {deviceId: dev1}}]",
			"samples[0]: it gives nothing; expected was deviceId dev1" },
		{ "samples: [{topic: a/dev1, payload: {c: SINGLE}, expect: refused}]",
			"samples[0]: it should be refused, and gives deviceId dev1, "
			"clickType "
			"SINGLE" },
		{ "samples: [{topic: a/dev1, payload: {b: 500}, expect: nothing}]",
			"samples[0]: it is refused: x messages[0].remainingLife: \"500\" "
			"is "
			"no percent, 0 to 100" },
		{ "samples: [{topic: a/dev1, payload: '', expect: {clicktype: LONG}}]",
			"samples[0]: there is no \"clicktype\" here; did you mean "
			"clickType" },
	};
	struct place *place = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(refusal(place, mem_format(place->life, "%s%s", head,
							   rows[i].messages)),
			rows[i].sentence);
}

static void
a_sample_may_be_refused_as_it_should(void **state)
{
	assert_null(refusal(*state,
		"profile: x\nmessages: [{via: mqtt, topic: 'a/{id...}', deviceId: "
		"{topic: "
		"id}, clickType: {ptr: /c}}]\nsamples: [{topic: a/no id, payload: {c: "
		"LONG}, "
		"expect: refused}, {topic: a/dev1, payload: {c: LONG}, expect: "
		"[{deviceId: "
		"dev1, clickType: LONG}]}]\n"));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(the_sentence_names_file_line_column_and_field),
		TEST(unknown_keys_are_refused_with_the_nearest),
		TEST(bare_words_that_others_take_for_truths_are_refused),
		TEST(what_must_be_a_text_needs_quotes),
		TEST(topics_are_checked),
		TEST(values_are_checked),
		TEST(rows_are_checked),
		TEST(the_head_is_checked),
		TEST(samples_must_hold),
		TEST(a_sample_may_be_refused_as_it_should),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
