#include "../../../src/service/observe/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../../src/service/observe/tell.h"
#include "../../../src/service/observe/xml.h"
#include "oneclick/base/mem.h"

static struct pairs *
read_form(void *life, const char *text)
{
	struct pairs *out;
	struct fault why;

	if (form_read(life, text, strlen(text), &out, &why))
		fail_msg("%s", why.sentence);
	return out;
}

static void
a_form_is_decoded_blanks_too(void **state)
{
	void *life = mem_life(NULL);
	struct pairs *form = read_form(life, "a=1+2%2B3&b%20c=%C3%A9&empty&=x&&d=e=f");

	(void)state;
	assert_string_equal(pairs_get(form, "a"), "1 2+3");
	assert_string_equal(pairs_get(form, "b c"), "\303\251");
	assert_string_equal(pairs_get(form, "empty"), "");
	assert_string_equal(pairs_get(form, "d"), "e=f");
	assert_int_equal(read_form(life, "")->count, 0);
	mem_free(life);
}

static void
what_is_no_form_is_refused(void **state)
{
	static const char *const bad[] = { "a=%", "a=%0", "a=%zz", "a=%00", "%ff=1",
		"a=%c3%28" };
	void *life = mem_life(NULL);
	struct pairs *out;
	struct fault why;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(
			form_read(life, bad[i], strlen(bad[i]), &out, &why), ERR_INVALID);
	mem_free(life);
}

static void
more_members_than_there_may_be_are_refused(void **state)
{
	void *life = mem_life(NULL);
	struct pairs *out;
	struct fault why;
	struct buf text;

	(void)state;
	buf_init(&text, life, BUF_NO_CAP);
	for (int i = 0; i < FORM_MEMBERS_MAX; i++)
		buf_format(&text, "n%d=&", i);
	assert_int_equal(form_read(life, text.data, text.len, &out, &why), ERR_NONE);
	buf_text(&text, "one=");
	assert_int_equal(form_read(life, text.data, text.len, &out, &why), ERR_INVALID);
	mem_free(life);
}

static void
a_member_that_stands_twice_is_refused(void **state)
{
	void *life = mem_life(NULL);
	struct pairs *out;
	struct fault why;

	(void)state;
	assert_int_equal(form_read(life, "a=1&b=2&%61=3", 13, &out, &why), ERR_INVALID);
	assert_string_equal(why.sentence, "The member 'a' stands twice.");
	mem_free(life);
}

static void
lists_are_counted_to_their_first_gap_and_to_the_most(void **state)
{
	void *life = mem_life(NULL);
	struct pairs *form = read_form(life,
		"L.member.1.Id=a&L.member.2=b&L.member.4=d&M.member.10=x&M.member.1=y");

	(void)state;
	assert_int_equal(form_count(form, "L", 10), 2);
	assert_int_equal(form_count(form, "L", 1), 2);
	assert_int_equal(form_count(form, "M", 10), 1);
	assert_int_equal(form_count(form, "N", 10), 0);
	assert_string_equal(form_get(form, "L.member.%d.%s", 1, "Id"), "a");
	assert_null(form_get(form, "L.member.%d.Id", 2));
	mem_free(life);
}

static const struct value *
read_tree(void *life, const char *json)
{
	const struct value *tree;
	struct fault why;

	if (json_parse(life, json, strlen(json), &tree, &why))
		fail_msg("%s", why.sentence);
	return tree;
}

static void
json_has_the_members_of_the_form_that_says_the_same(void **state)
{
	void *life = mem_life(NULL);
	const struct value *tree = read_tree(life,
		"{\"A\":[{\"B\":\"x\",\"C\":true},{\"B\":null}],\"T\":1.5,\"N\":60}");
	struct pairs *form;
	struct fault why;

	(void)state;
	assert_int_equal(form_of_json(life, tree, &form, &why), ERR_NONE);
	assert_int_equal(form->count, 4);
	assert_string_equal(pairs_get(form, "A.member.1.B"), "x");
	assert_string_equal(pairs_get(form, "A.member.1.C"), "true");
	assert_string_equal(pairs_get(form, "T"), "1.5");
	assert_string_equal(pairs_get(form, "N"), "60");
	mem_free(life);
}

static void
json_whose_members_would_be_one_is_refused(void **state)
{
	void *life = mem_life(NULL);
	struct pairs *form;
	struct fault why;

	(void)state;
	assert_int_equal(
		form_of_json(life, read_tree(life, "{\"a.b\":1,\"a\":{\"b\":2}}"), &form,
			&why),
		ERR_INVALID);
	mem_free(life);
}

static void
write_answer(struct tell *tell)
{
	tell_list(tell, "L");
	tell_item(tell);
	tell_text(tell, "T", "<");
	tell_number(tell, "N", 0.5);
	tell_item_end(tell);
	tell_list_end(tell, "L");
	tell_list(tell, "M");
	tell_moment(tell, NULL, 1525476393747);
	tell_number(tell, NULL, 2);
	tell_list_end(tell, "M");
}

static void
an_answer_is_the_same_in_both_protocols(void **state)
{
	void *life = mem_life(NULL);
	struct buf out;
	struct tell tell;

	(void)state;
	buf_init(&out, life, BUF_NO_CAP);
	tell = tell_to(&out, false);
	write_answer(&tell);
	assert_string_equal(out.data,
		"<L><member><T>&lt;</T><N>0.5</N></member></L>"
		"<M><member>2018-05-04T23:26:33Z</member><member>2</member></M>");
	buf_clear(&out);
	tell = tell_to(&out, true);
	json_open(&tell.j, '{');
	write_answer(&tell);
	json_close(&tell.j, '}');
	assert_string_equal(
		out.data, "{\"L\":[{\"T\":\"<\",\"N\":0.5}],\"M\":[1525476393,2]}");
	mem_free(life);
}

static void
a_name_longer_than_any_is_not_there(void **state)
{
	void *life = mem_life(NULL);
	struct pairs *form = read_form(life, "a=1");

	(void)state;
	assert_null(form_get(form, "%0300d", 1));
	mem_free(life);
}

static void
xml_says_texts_numbers_and_moments_so_that_they_read_back(void **state)
{
	void *life = mem_life(NULL);
	struct buf out;

	(void)state;
	buf_init(&out, life, BUF_NO_CAP);
	xml_open(&out, "a");
	xml_text(&out, "b", "<x> & \"y\" \001\303\251");
	xml_number(&out, "c", 99.95);
	xml_moment(&out, "d", INT64_C(1525476393747));
	xml_close(&out, "a");
	assert_string_equal(out.data,
		"<a><b>&lt;x&gt; &amp; &quot;y&quot; ?\303\251</b><c>99.95</c>"
		"<d>2018-05-04T23:26:33Z</d></a>");
	mem_free(life);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_is_decoded_blanks_too),
		cmocka_unit_test(what_is_no_form_is_refused),
		cmocka_unit_test(more_members_than_there_may_be_are_refused),
		cmocka_unit_test(a_member_that_stands_twice_is_refused),
		cmocka_unit_test(lists_are_counted_to_their_first_gap_and_to_the_most),
		cmocka_unit_test(json_has_the_members_of_the_form_that_says_the_same),
		cmocka_unit_test(json_whose_members_would_be_one_is_refused),
		cmocka_unit_test(an_answer_is_the_same_in_both_protocols),
		cmocka_unit_test(a_name_longer_than_any_is_not_there),
		cmocka_unit_test(
			xml_says_texts_numbers_and_moments_so_that_they_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
