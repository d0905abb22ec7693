/*
 * POST /: the doors of CloudWatch (query protocol: a form, XML back) and CloudTrail (JSON
 * 1.1, named by X-Amz-Target), told apart by what names the operation.  Both go the way of
 * every call beside the contract; only how a refusal is worded is their own.
 */
#include <string.h>
#include <strings.h>

#include "cloudtrail.h"
#include "cloudwatch.h"
#include "form.h"
#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/service/metrics.h"
#include "xml.h"

#define FORM "application/x-www-form-urlencoded"
#define TYPE_JSON "application/x-amz-json-1.1"
#define TYPE_XML "text/xml"

/* ---- refusals ---- */

/* How each protocol names a problem, NULL: as its InternalFailure; the first six are of a
 * handler's fault, and mean what the headers of the two say. */
static const struct wording {
	const char *query;
	const char *json;
	int status;
} wordings[PROBLEM_COUNT] = {
	[PROBLEM_INVALID_REQUEST] = { "InvalidParameterValue",
		"InvalidLookupAttributesException", 400 },
	[PROBLEM_PRECONDITION] = { "MissingParameter", "InvalidMaxResultsException",
		400 },
	[PROBLEM_CONFLICT] = { "InvalidParameterCombination", "InvalidTimeRangeException",
		400 },
	[PROBLEM_RANGE] = { "InvalidNextToken", "InvalidNextTokenException", 400 },
	[PROBLEM_THROTTLED] = { "Throttling", "ThrottlingException", 400 },
	[PROBLEM_INTERNAL] = { "InternalServiceError", "InternalFailure", 500 },
	[PROBLEM_ACCESS_DENIED] = { "AccessDenied", "AccessDeniedException", 403 },
	[PROBLEM_NO_SIGNATURE] = { "MissingAuthenticationToken",
		"MissingAuthenticationTokenException", 403 },
	[PROBLEM_INCOMPLETE_SIGNATURE] = { "IncompleteSignature",
		"IncompleteSignatureException", 400 },
	[PROBLEM_BAD_SIGNATURE] = { "SignatureDoesNotMatch", "InvalidSignatureException",
		403 },
	[PROBLEM_UNKNOWN_KEY] = { "InvalidClientTokenId", "UnrecognizedClientException",
		403 },
	[PROBLEM_MALFORMED_QUERY] = { "MalformedQueryString", "SerializationException",
		400 },
	[PROBLEM_UNKNOWN_OPERATION] = { "InvalidAction", "UnknownOperationException",
		400 },
	[PROBLEM_UNAVAILABLE] = { "ServiceUnavailable", "ServiceUnavailable", 503 },
};

static const struct wording *
word(enum problem problem)
{
	return &wordings[wordings[problem].query ? problem : PROBLEM_INTERNAL];
}

static void
refuse_query(struct reply *reply, enum problem problem, const char *sentence)
{
	const struct wording *wording = word(problem);
	struct buf *out = &reply->body;

	buf_clear(out);
	xml_open(out, "ErrorResponse");
	xml_open(out, "Error");
	xml_text(out, "Type", wording->status < 500 ? "Sender" : "Receiver");
	xml_text(out, "Code", wording->query);
	xml_text(out, "Message", sentence);
	xml_close(out, "Error");
	xml_close(out, "ErrorResponse");
	reply->status = wording->status;
	reply->type = TYPE_XML;
}

static void
refuse_json(struct reply *reply, enum problem problem, const char *sentence)
{
	const struct wording *wording = word(problem);
	struct json j;

	buf_clear(&reply->body);
	j = json_to(&reply->body);
	json_open(&j, '{');
	json_member_text(&j, "__type", wording->json);
	json_member_text(&j, "message", sentence);
	json_close(&j, '}');
	reply->status = wording->status;
	reply->type = TYPE_JSON;
}

/* ---- operations ---- */

#define QUERY_ROW(op) \
	{ \
		.name = #op, .action = "cloudwatch:" #op, .resource = "*", \
		.source = "monitoring.amazonaws.com", .signing = "monitoring", \
		.handle = handle_##op, .refuse = refuse_query \
	}

static const struct extra_row query_rows[] = {
	QUERY_ROW(ListMetrics),
	QUERY_ROW(GetMetricStatistics),
	QUERY_ROW(GetMetricData),
};

static const struct extra_row json_rows[] = {
	{
		.name = "LookupEvents",
		.action = "cloudtrail:LookupEvents",
		.resource = "*",
		.source = "cloudtrail.amazonaws.com",
		.signing = "cloudtrail",
		.handle = handle_LookupEvents,
		.refuse = refuse_json,
	},
};

static const struct extra_row *
find_row(const struct extra_row *rows, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

/* ---- the door ---- */

typedef void (*refuse_fn)(
	struct reply *reply, enum problem problem, const char *sentence);

static void
refuse(struct exchange *exchange, refuse_fn how, enum problem problem,
	const char *sentence)
{
	how(&exchange->reply, problem, sentence);
	exchange_send(exchange);
}

static void
take_query(struct service *service, struct exchange *exchange)
{
	const struct request *request = &exchange->request;
	const struct extra_row *row = NULL;
	const char *action;
	struct pairs *form;
	struct fault why;

	if (form_read(
		    exchange->http, request->body.data, request->body.len, &form, &why)) {
		refuse(exchange, refuse_query, PROBLEM_MALFORMED_QUERY, why.sentence);
		return;
	}
	action = pairs_get(form, "Action");
	if (action)
		row = find_row(
			query_rows, sizeof query_rows / sizeof *query_rows, action);
	if (row)
		extra_run(service, exchange, row, form, NULL);
	else
		refuse(exchange, refuse_query, PROBLEM_UNKNOWN_OPERATION,
			"This service answers the actions ListMetrics, "
			"GetMetricStatistics and GetMetricData of CloudWatch.");
}

static void
take_json(struct service *service, struct exchange *exchange, const char *target)
{
	const struct buf *body = &exchange->request.body;
	const char *dot = strrchr(target, '.');
	const struct extra_row *row = find_row(
		json_rows, sizeof json_rows / sizeof *json_rows, dot ? dot + 1 : target);
	const struct value *tree = NULL;
	struct fault why;

	if (!row || !strstr(target, "CloudTrail_20131101"))
		refuse(exchange, refuse_json, PROBLEM_UNKNOWN_OPERATION,
			"This service answers LookupEvents of CloudTrail.");
	else if (json_parse(exchange->http, body->data, body->len, &tree, &why))
		refuse(exchange, refuse_json, PROBLEM_MALFORMED_QUERY, why.sentence);
	else if (tree->kind != VALUE_MAP)
		refuse(exchange, refuse_json, PROBLEM_MALFORMED_QUERY,
			"The body must be a JSON object.");
	else
		extra_run(service, exchange, row, pairs_new(exchange->http), tree);
}

static bool
is_form(const struct request *request)
{
	const char *type = request_header(request, "Content-Type");

	return type && strncasecmp(type, FORM, strlen(FORM)) == 0;
}

void
aws_take(struct service *service, struct exchange *exchange)
{
	const struct request *request = &exchange->request;
	const char *target = request_header(request, "X-Amz-Target");

	if (strcmp(request->method, "POST") != 0)
		refuse(exchange, reply_problem, PROBLEM_WRONG_METHOD,
			"Here CloudWatch and CloudTrail are asked with POST; the "
			"operations of 1-Click have paths of their own.");
	else if (target)
		take_json(service, exchange, target);
	else if (is_form(request))
		take_query(service, exchange);
	else
		refuse(exchange, reply_problem, PROBLEM_UNKNOWN_OPERATION,
			"A request for / names its operation: in X-Amz-Target, or as the "
			"Action of a form.");
}
