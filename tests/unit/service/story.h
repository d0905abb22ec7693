/* One story that tells all 29 operations, and the bytes of their replies, which are held
 * against tests/golden/wire; GOLDEN=write writes them anew. */
#ifndef ONECLICK_TESTS_SERVICE_STORY_H
#define ONECLICK_TESTS_SERVICE_STORY_H

#include "fleet.h"

#define FOLDER "tests/golden/wire/"
#define ID "deviceId=" ENTERPRISE
#define ARN "resourceArn=arn:aws:iot1click:us-west-2:" ACCOUNT
#define LAMBDA "arn:aws:lambda:us-west-2:012345678910:function:press"

/* In this order they tell one story: the labels, query and body of each call, and what
 * happens before it. */
static const struct line {
	const char *name; /* of the golden file */
	enum op op;
	const char *labels, *query, *body;
	enum event_kind pressed; /* before it; EVENT_KINDS: nothing */
} story[] = {
	{ "InitiateDeviceClaim", OP_INITIATE_DEVICE_CLAIM, ID, NULL, NULL, EVENT_KINDS },
	{ "FinalizeDeviceClaim", OP_FINALIZE_DEVICE_CLAIM, ID, NULL,
		"{\"tags\": {\"Driver\": \"Jorge Souza\"}}", EVENT_SINGLE },
	{ "ClaimDevicesByClaimCode", OP_CLAIM_DEVICES_BY_CLAIM_CODE,
		"claimCode=C-123EXAMPLE", NULL, NULL, EVENT_KINDS },
	{ "CreateProject", OP_CREATE_PROJECT, "", NULL,
		"{\"projectName\": \"AnytownDumpsters\", \"description\": \"All "
		"dumpsters in "
		"the Anytown region.\", \"placementTemplate\": {\"defaultAttributes\": "
		"{\"City\": \"Anytown\"}, \"deviceTemplates\": "
		"{\"empty-dumpster-request\": "
		"{\"deviceType\": \"button\"}}}}",
		EVENT_KINDS },
	{ "CreatePlacement", OP_CREATE_PLACEMENT, DUMPSTERS, NULL,
		"{\"placementName\": \"customer217\", \"attributes\": {\"phone\": "
		"\"123-555-0110\", \"location\": \"123 Any Street Anytown, USA 10001\"}}",
		EVENT_KINDS },
	{ "AssociateDeviceWithPlacement", OP_ASSOCIATE_DEVICE_WITH_PLACEMENT, SLOT, NULL,
		"{\"deviceId\": \"" ENTERPRISE "\"}", EVENT_KINDS },
	{ "UpdateDeviceState", OP_UPDATE_DEVICE_STATE, ID, NULL, "{\"enabled\": true}",
		EVENT_KINDS },
	{ "DescribeDevice", OP_DESCRIBE_DEVICE, ID, NULL, NULL, EVENT_DOUBLE },
	{ "ListDevices", OP_LIST_DEVICES, "", "maxResults=2", NULL, EVENT_KINDS },
	{ "ListDeviceEvents", OP_LIST_DEVICE_EVENTS, ID,
		"fromTimeStamp=2019-07-17T15%3A45%3A12.880000Z&toTimeStamp=2019-07-20",
		NULL, EVENT_KINDS },
	{ "GetDeviceMethods", OP_GET_DEVICE_METHODS, ID, NULL, NULL, EVENT_KINDS },
	{ "InvokeDeviceMethod", OP_INVOKE_DEVICE_METHOD, ID, NULL,
		"{\"deviceMethod\": {\"deviceType\": \"device\", \"methodName\": "
		"\"getDeviceHealthParameters\"}}",
		EVENT_KINDS },
	{ "InvokeDeviceMethod.set", OP_INVOKE_DEVICE_METHOD, ID, NULL,
		"{\"deviceMethod\": {\"deviceType\": \"button\", \"methodName\": "
		"\"setOnClickCallback\"}, \"deviceMethodParameters\": "
		"\"{\\\"deviceId\\\": "
		"\\\"" ENTERPRISE "\\\", \\\"callback\\\": {\\\"awsLambdaArn\\\": "
		"\\\"" LAMBDA "\\\"}}\"}",
		EVENT_KINDS },
	{ "InvokeDeviceMethod.get", OP_INVOKE_DEVICE_METHOD, ID, NULL,
		"{\"deviceMethod\": {\"deviceType\": \"button\", \"methodName\": "
		"\"getOnClickCallback\"}}",
		EVENT_KINDS },
	{ "TagResource.device", OP_TAG_DEVICE, ARN ":devices/" ENTERPRISE, NULL,
		"{\"tags\": {\"Driver Phone\": \"123-555-0199\"}}", EVENT_KINDS },
	{ "ListTagsForResource.device", OP_LIST_TAGS_FOR_DEVICE,
		ARN ":devices/" ENTERPRISE, NULL, NULL, EVENT_KINDS },
	{ "UntagResource.device", OP_UNTAG_DEVICE, ARN ":devices/" ENTERPRISE,
		"tagKeys=Driver", NULL, EVENT_KINDS },
	{ "TagResource.project", OP_TAG_PROJECT, ARN ":projects/AnytownDumpsters", NULL,
		"{\"tags\": {\"Account\": \"45215\"}}", EVENT_KINDS },
	{ "ListTagsForResource.project", OP_LIST_TAGS_FOR_PROJECT,
		ARN ":projects/AnytownDumpsters", NULL, NULL, EVENT_KINDS },
	{ "DescribeProject", OP_DESCRIBE_PROJECT, DUMPSTERS, NULL, NULL, EVENT_KINDS },
	{ "ListProjects", OP_LIST_PROJECTS, "", NULL, NULL, EVENT_KINDS },
	{ "UpdateProject", OP_UPDATE_PROJECT, DUMPSTERS, NULL,
		"{\"description\": \"All dumpsters in the Anytown region, West Coast.\"}",
		EVENT_KINDS },
	{ "DescribePlacement", OP_DESCRIBE_PLACEMENT, CUSTOMER, NULL, NULL, EVENT_KINDS },
	{ "ListPlacements", OP_LIST_PLACEMENTS, DUMPSTERS, NULL, NULL, EVENT_KINDS },
	{ "UpdatePlacement", OP_UPDATE_PLACEMENT, CUSTOMER, NULL,
		"{\"attributes\": {\"phone\": \"123-456-7890\"}}", EVENT_KINDS },
	{ "GetDevicesInPlacement", OP_GET_DEVICES_IN_PLACEMENT, CUSTOMER, NULL, NULL,
		EVENT_KINDS },
	{ "DisassociateDeviceFromPlacement", OP_DISASSOCIATE_DEVICE_FROM_PLACEMENT, SLOT,
		NULL, NULL, EVENT_KINDS },
	{ "UntagResource.project", OP_UNTAG_PROJECT, ARN ":projects/AnytownDumpsters",
		"tagKeys=Account", NULL, EVENT_KINDS },
	{ "DeletePlacement", OP_DELETE_PLACEMENT, CUSTOMER, NULL, NULL, EVENT_KINDS },
	{ "DeleteProject", OP_DELETE_PROJECT, DUMPSTERS, NULL, NULL, EVENT_KINDS },
	{ "UnclaimDevice", OP_UNCLAIM_DEVICE, ID, NULL, NULL, EVENT_KINDS },
};
enum { LINES = sizeof story / sizeof *story };

static inline void
write_golden(const char *path)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fwrite(fleet.out.data, 1, fleet.out.len, file);
	assert_int_equal(fclose(file), 0);
}

static inline void
check_golden(const char *name)
{
	const char *path = mem_format(fleet.life, FOLDER "%s.json", name);
	const char *mode = getenv("GOLDEN");
	char expected[64 * 1024];
	FILE *file;

	if (mode && strcmp(mode, "write") == 0)
		write_golden(path);
	file = fopen(path, "r");
	if (!file)
		fail_msg("there is no %s; GOLDEN=write makes it", path);
	expected[fread(expected, 1, sizeof expected - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(fleet.out.data, expected);
}

/* The devices that the story is about are known. */
static inline void
begin_story(void)
{
	know(ENTERPRISE, NULL);
	know("B9GHXT183200293", "C-123EXAMPLE");
	know("B9GHXT183200294", "C-123EXAMPLE");
}

static inline enum err
tell(const struct line *line)
{
	fleet.now += MINUTE;
	if (line->pressed != EVENT_KINDS)
		press(ENTERPRISE, line->pressed);
	return call(line->op, line->labels, line->query, line->body);
}

#endif
