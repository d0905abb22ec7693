/* CloudFormation templates: what their values come down to, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "../../../src/console/fleet/fleet.h"
#include "oneclick/base/mem.h"

static int
set_up(void **state)
{
	*state = mem_life(NULL);
	return 0;
}

static int
tear_down(void **state)
{
	mem_free(*state);
	return 0;
}

static const struct template_place here = { .region = "eu-west-1",
	.account = "123456789012" };

/* NULL when it is refused; *said tells why then. */
static const struct fleet *
read_at(const void *ctx, const struct template_place *place, const char *template,
	const char **said)
{
	struct fault *why = mem_new(ctx, struct fault);
	struct fleet *fleet = NULL;
	struct buf text;
	size_t passed;

	buf_init(&text, ctx, BUF_NO_CAP);
	buf_text(&text, template);
	fleet_read_template(ctx, "t.yaml", &text, place, &fleet, &passed, why);
	*said = fleet ? "" : why->sentence;
	return fleet;
}

#define SECTIONS \
	"Parameters:\n" \
	"  Stage: {Type: String, Default: dev}\n" \
	"  Rooms: {Type: CommaDelimitedList, Default: 'a,b'}\n" \
	"  Far: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /x}\n" \
	"  Asked: {Type: String}\n" \
	"Mappings: {Floors: {dev: {floor: 03}, prod: {floor: 9}}, Lists: {dev: {of: " \
	"[q, r]}}}\n" \
	"Conditions:\n" \
	"  IsProd: !Equals [!Ref Stage, prod]\n" \
	"  IsDev: !Not [!Condition IsProd]\n" \
	"  Both: {'Fn::And': [{Condition: IsDev}, !Equals ['1', 1]]}\n" \
	"  Either: !Or [!Condition IsProd, !Condition Both]\n" \
	"  Round: !Not [!Condition Round]\n" \
	"  Odd: !Equals [a]\n" \
	"  BadNot: !Not [a, b]\n" \
	"  BadOr: !Or [!Condition IsProd]\n" \
	"  NoWord: true\n" \
	"  NoFunction: !Sub x\n"

#define PLACEMENT(more, properties) \
	SECTIONS "Resources:\n  P1:\n    Type: AWS::IoT1Click::Placement\n" more \
		 "    Properties: {ProjectName: P, " properties "}\n"

/* What the attribute A of the one placement becomes when it is written so. */
static const char *
attribute(const void *ctx, const char *written, const char **said)
{
	const struct fleet *fleet = read_at(ctx, &here,
		mem_format(ctx, PLACEMENT("", "Attributes: {A: %s}"), written), said);

	return fleet ? pairs_get(fleet->placement[0].attributes, "A") : NULL;
}

static void
a_scalar_without_quotes_is_the_text_as_it_was_written(void **state)
{
	static const char *const words[] = { "012", "+15550100", "1.10", "1e3", "0x1F",
		".5", "0o17", "yes", "No", "True", "22:30", "2026-12-01", "1_000", "-0",
		".inf" };
	const char *said;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		assert_string_equal(attribute(*state, words[i], &said), words[i]);
	assert_null(attribute(*state, "~", &said));
	assert_non_null(strstr(said, "t.yaml:"));
	assert_null(attribute(*state, "99999999999999999999", &said));
	assert_non_null(strstr(said, "needs quotes"));
}

static void
functions_are_worked_out_in_both_their_forms(void **state)
{
	static const struct {
		const char *written, *wanted;
	} cases[] = {
		{ "!Ref Stage", "dev" },
		{ "{Ref: 'AWS::Region'}", "eu-west-1" },
		{ "!Ref AWS::AccountId", "123456789012" },
		{ "!Sub 'arn:${AWS::Partition}:x:${AWS::Region}:${!y}'",
			"arn:aws:x:eu-west-1:${y}" },
		{ "!Sub ['${Room}-${Stage}', {Room: 012}]", "012-dev" },
		{ "{'Fn::Sub': ['${X}', {X: !If [IsProd, p, d]}]}", "d" },
		{ "!Join ['-', [a, !Ref Stage, 07]]", "a-dev-07" },
		{ "!Join ['-', [a, !If [IsProd, b, !Ref 'AWS::NoValue'], c]]", "a-c" },
		{ "{'Fn::Join': ['+', !Ref Rooms]}", "a+b" },
		{ "!Select [1, !Ref Rooms]", "b" },
		{ "!FindInMap [Floors, !Ref Stage, floor]", "03" },
		{ "{'Fn::FindInMap': [Floors, prod, floor]}", "9" },
		{ "!If [Either, !If [IsProd, 1, 2], 3]", "2" },
		{ "{'Fn::If': [IsProd, 1, {'Fn::If': [IsDev, 4, 5]}]}", "4" },
		{ "!Ref AWS::URLSuffix", "amazonaws.com" },
		{ "!Sub ['${X}', {X: '${Y}'}]", "${Y}" },
		{ "!Join ['', []]", "" },
		{ "!Select ['0', [x, y]]", "x" },
		{ "!Select [0, !FindInMap [Lists, dev, of]]", "q" },
	};
	const char *said;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *got = attribute(*state, cases[i].written, &said);

		assert_string_equal(got ? got : said, cases[i].wanted);
	}
}

static void
what_cannot_be_followed_is_refused_by_name_and_line(void **state)
{
	static const struct {
		const char *written, *says;
	} cases[] = {
		{ "!Ref AWS::StackName", "AWS::StackName is not followed" },
		{ "!Sub 'x ${AWS::StackId}'", "AWS::StackId is not followed" },
		{ "!ImportValue x", "!ImportValue is not followed" },
		{ "!Split [a, b]", "!Split is not followed" },
		{ "{'Fn::Base64': x}", "Fn::Base64 is not followed" },
		{ "!Ref Asked", "The parameter Asked has no default" },
		{ "!Ref Far", "stands in AWS's parameter store" },
		{ "!Ref Rooms", "Rooms is a list" },
		{ "!Ref Nobody", "\"Nobody\" is no project" },
		{ "!Ref [a, b]", "Ref takes one name" },
		{ "!GetAtt x", "GetAtt takes a resource and its attribute" },
		{ "!GetAtt [a]", "GetAtt takes a resource and its attribute" },
		{ "!GetAtt [Nobody, ProjectName]", "Nobody" },
		{ "!GetAtt [P1, Arn]", "" },
		{ "!Sub 'x ${P1.Arn}'", "" },
		{ "!Sub 'x ${Stage'", "Sub has a ${ without its }" },
		{ "!Sub [a]", "" },
		{ "!Sub ['a', b]", "" },
		{ "!Sub ['${X}', {X: !Ref Nobody}]", "Nobody" },
		{ "!FindInMap [Floors, dev]", "FindInMap takes a map and two keys" },
		{ "!FindInMap x", "FindInMap takes a map and two keys" },
		{ "!FindInMap [Floors, !Ref Nobody, floor]", "Nobody" },
		{ "!FindInMap [Floors, none, floor]", "" },
		{ "!Join x", "Join takes what stands between, and a list" },
		{ "!Join [!Ref Nobody, [a]]", "Nobody" },
		{ "!Join ['-', !Ref Stage]", "list" },
		{ "!Join ['-', !Ref AWS::NoValue]", "A list is taken here" },
		{ "!Join ['-', [a, !Ref Nobody]]", "Nobody" },
		{ "!Select x", "Select takes a number and a list" },
		{ "!Select [!Ref Nobody, [a]]", "Nobody" },
		{ "!Select [x, [a]]", "" },
		{ "!Select [-1, [a]]", "" },
		{ "!Select [5, [a]]", "" },
		{ "!Select [0, !Ref Nobody]", "" },
		{ "{a: b, c: d}", "" },
		{ "[a]", "" },
		{ "!If [Nobody, 1, 2]", "Conditions have no \"Nobody\"" },
		{ "!If [Round, 1, 2]", "round in a circle" },
		{ "!If [Odd, 1, 2]", "Equals takes a list of two" },
		{ "!If [[IsProd], 1, 2]", "called by its name" },
		{ "!If [BadNot, 1, 2]", "Not takes a list of one condition" },
		{ "!If [BadOr, 1, 2]", "" },
		{ "!If [NoWord, 1, 2]", "" },
		{ "!If [NoFunction, 1, 2]", "" },
		{ "!If [IsProd, 1]", "If takes a condition" },
		{ "!FindInMap [Floors, none, floor]", "have no \"none\"" },
		{ "!Select [2, !Ref Rooms]", "Select takes 0 to 1" },
		{ "!Sub ['${X}']", "Sub takes a text, or a list" },
		{ "!Join ['-', a]", "A list is taken here" },
		{ "'{{resolve:ssm:/x}}'", "Dynamic references" },
		{ "[a]", "This takes a text, not a list" },
	};
	const char *said;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		if (attribute(*state, cases[i].written, &said) ||
			!strstr(said, cases[i].says) || strstr(said, "t.yaml:") != said)
			fail_msg("%s: \"%s\" lacks \"%s\"", cases[i].written, said,
				cases[i].says);
	}
	assert_null(
		read_at(*state, &here, PLACEMENT("", "Attributes: !Ref Stage"), &said));
	assert_non_null(strstr(said, "!Ref is not followed in place of one"));
	assert_null(read_at(*state, &(struct template_place){ .region = "x" },
		PLACEMENT("", "Attributes: {A: !Ref AWS::AccountId}"), &said));
	assert_non_null(strstr(said, "AWS::AccountId is not known yet"));
}

static void
china_and_the_government_have_their_own_names(void **state)
{
	static const struct {
		const char *region, *wanted;
	} cases[] = {
		{ "cn-north-1", "aws-cn amazonaws.com.cn" },
		{ "us-gov-west-1", "aws-us-gov amazonaws.com" },
		{ "us-west-2", "aws amazonaws.com" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct template_place place = { .region = cases[i].region };
		const char *said;
		const struct fleet *fleet = read_at(*state, &place,
			PLACEMENT("", "Attributes: {A: !Sub '${AWS::Partition} "
				      "${AWS::URLSuffix}'}"),
			&said);

		assert_non_null(fleet);
		assert_string_equal(
			pairs_get(fleet->placement[0].attributes, "A"), cases[i].wanted);
	}
}

static void
a_resource_whose_condition_does_not_hold_is_not_made(void **state)
{
	const char *said;
	const struct fleet *fleet = read_at(*state, &here,
		PLACEMENT("    Condition: IsProd\n", "PlacementName: a"), &said);

	assert_non_null(fleet);
	assert_int_equal(fleet->placements, 0);
	fleet = read_at(*state, &here,
		PLACEMENT("    Condition: Both\n", "PlacementName: a"), &said);
	assert_int_equal(fleet->placements, 1);
	assert_null(read_at(*state, &here,
		PLACEMENT("    Condition: Nobody\n", "PlacementName: a"), &said));
	assert_non_null(strstr(said, "The template's Conditions have no"));
	assert_null(read_at(*state, &here,
		PLACEMENT("    Condition: IsProd\n",
			"PlacementName: a") "  P2:\n    Type: AWS::IoT1Click::Placement\n"
					    "    Properties: {ProjectName: P, "
					    "PlacementName: !Ref P1}\n",
		&said));
	assert_non_null(strstr(said, "\"P1\" is not made"));
}

static void
no_value_leaves_a_property_out(void **state)
{
	const char *said;
	const struct fleet *fleet = read_at(*state, &here,
		PLACEMENT("", "Attributes: !If [IsProd, {A: 1}, !Ref 'AWS::NoValue'], "
			      "AssociatedDevices: {Up: !Ref 'AWS::NoValue'}"),
		&said);

	assert_non_null(fleet);
	assert_int_equal(fleet->placement[0].attributes->count, 0);
	assert_int_equal(fleet->placement[0].devices->count, 0);
}

/* What has no effect on what is made is taken; what has one, or might, is not. */
/* Templates that contradict themselves, or say what cannot be followed, and the refusal. */
static const struct {
	const char *template, *says;
} bad[] = {
	{ PLACEMENT("    CreationPolicy: {}\n", "PlacementName: a"), "CreationPolicy" },
	{ PLACEMENT("    Conditions: IsProd\n", "PlacementName: a"),
		"did you mean Condition?" },
	{ PLACEMENT("", "PlacementName: a") "Transform: [Mine]\n", "Transform" },
	{ PLACEMENT("", "PlacementName: a") "Transform: [A, B]\n", "Transform" },
	{ PLACEMENT("", "PlacementName: a") "  P2: {Properties: {}}\n",
		"P2 has no Type" },
	{ PLACEMENT("", "PlacementName: a") "  P2: {Type: AWS::IoT1Click::Placement, "
					    "Properties: {ProjectName: P, "
					    "PlacementName: a}}\n",
		"stands twice" },
	{ PLACEMENT("", "PlacementName: a") "  P2: {Type: AWS::IoT1Click::Placement, "
					    "Properties: {PlacementName: b}}\n",
		"has no ProjectName" },
	{ PLACEMENT("", "PlacementName: a") "  Q: {Type: AWS::IoT1Click::Project, "
					    "Properties: {ProjectName: Q}}\n",
		"has no PlacementTemplate" },
	{ PLACEMENT("", "PlacementName: a") "  Q: {Type: AWS::IoT1Click::Project, "
					    "Properties: {ProjectName: Q, "
					    "PlacementTemplate: {DeviceTemplates: "
					    "{}}}}\n"
					    "  R: {Type: AWS::IoT1Click::Project, "
					    "Properties: {ProjectName: Q, "
					    "PlacementTemplate: {DeviceTemplates: "
					    "{}}}}\n",
		"project Q stands twice" },
	{ PLACEMENT("", "PlacementName: a") "  D: {Type: AWS::IoT1Click::Device, "
					    "Properties: {DeviceId: x}}\n",
		"takes DeviceId and Enabled" },
	{ PLACEMENT("", "PlacementName: a") "  D: {Type: AWS::IoT1Click::Device, "
					    "Properties: {DeviceId: x, Enabled: "
					    "maybe}}\n",
		"true or false" },
	{ PLACEMENT("", "PlacementName: a") "  D: {Type: AWS::IoT1Click::Device, "
					    "Properties: {DeviceId: x, Enabled: "
					    "true}}\n"
					    "  E: {Type: AWS::IoT1Click::Device, "
					    "Properties: {DeviceId: x, Enabled: "
					    "true}}\n",
		"device x stands twice" },
	{ PLACEMENT("", "PlacementName: a, Attributes: [1]"), "takes a map" },
	{ PLACEMENT("", "PlacementName: a, Attributes: '{'"), "Attributes" },
	{ PLACEMENT("", "PlacementName: a, Attributes: {A: {B: c, D: e}}"), "a map" },
	{ PLACEMENT("", "PlacementName: a") "Rules: {R: {}}\n", "Rules" },
	{ PLACEMENT("", "PlacementName: a") "Ressources: {}\n", "Ressources" },
	{ PLACEMENT("", "PlacementName: a") "AWSTemplateFormatVersion: '2011'\n",
		"AWSTemplateFormatVersion" },
};

static void
nothing_that_changes_the_meaning_is_passed_over(void **state)
{
	static const char *const good[] = {
		PLACEMENT("    DependsOn: P9\n    Metadata: {a: 1}\n    DeletionPolicy: "
			  "Retain\n"
			  "    UpdateReplacePolicy: Delete\n",
			"PlacementName: a"),
		PLACEMENT(
			"", "PlacementName: a") "Outputs: {O: {Value: !GetAtt X.Arn}}\n"
						"Metadata: {a: 1}\nDescription: x\n"
						"Transform: AWS::Serverless-2016-10-31\n",
		PLACEMENT(
			"", "PlacementName: a") "AWSTemplateFormatVersion: 2010-09-09\n",
	};
	const char *said;

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		if (!read_at(*state, &here, good[i], &said))
			fail_msg("%s", said);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (read_at(*state, &here, bad[i].template, &said) ||
			!strstr(said, bad[i].says))
			fail_msg("row %zu: \"%s\" lacks \"%s\"", i, said, bad[i].says);
		assert_ptr_equal(strstr(said, "t.yaml:"), said);
	}
}

static void
a_number_of_json_is_exact_or_refused(void **state)
{
	static const char form[] =
		"{\"Resources\": {\"P1\": {\"Type\": \"AWS::IoT1Click::Placement\", "
		"\"Properties\": {\"ProjectName\": \"P\", \"Attributes\": {\"A\": "
		"%s}}}}}";
	const char *said;
	const struct fleet *fleet =
		read_at(*state, &here, mem_format(*state, form, "12"), &said);

	assert_string_equal(pairs_get(fleet->placement[0].attributes, "A"), "12");
	assert_null(read_at(*state, &here, mem_format(*state, form, "1.10"), &said));
	assert_ptr_equal(strstr(said, "t.yaml:1:"), said);
	assert_non_null(strstr(said, "not the number 1.1: put it in quotes."));
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(a_scalar_without_quotes_is_the_text_as_it_was_written),
		EACH(functions_are_worked_out_in_both_their_forms),
		EACH(what_cannot_be_followed_is_refused_by_name_and_line),
		EACH(china_and_the_government_have_their_own_names),
		EACH(a_resource_whose_condition_does_not_hold_is_not_made),
		EACH(no_value_leaves_a_property_out),
		EACH(nothing_that_changes_the_meaning_is_passed_over),
		EACH(a_number_of_json_is_exact_or_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
