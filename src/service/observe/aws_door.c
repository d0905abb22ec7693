/*
 * POST /: the doors of CloudWatch and CloudTrail.  CloudWatch is asked in the query protocol
 * (a form that names its Action, XML back) or in JSON 1.0, CloudTrail in JSON 1.1; in JSON
 * X-Amz-Target names service and operation.  All go the way of every call beside the
 * contract; only how a refusal is worded is their own.
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
#define TYPE_JSON_0 "application/x-amz-json-1.0"
#define TYPE_XML "text/xml"
#define ROWS(table) (sizeof(table) / sizeof *(table))

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
	reply_note(reply, wording->query, sentence);
	reply->status = wording->status;
	reply->type = TYPE_XML;
}

static void
write_json(struct reply *reply, const char *type, const char *code, const char *sentence)
{
	struct json j;

	buf_clear(&reply->body);
	j = json_to(&reply->body);
	json_open(&j, '{');
	json_member_text(&j, "__type", code);
	json_member_text(&j, "message", sentence);
	json_close(&j, '}');
	reply_note(reply, code, sentence);
	reply->type = type;
}

static void
refuse_json(struct reply *reply, enum problem problem, const char *sentence)
{
	reply->status = word(problem)->status;
	write_json(reply, TYPE_JSON, word(problem)->json, sentence);
}

/* Its clients know the codes of the query protocol. */
static void
refuse_json_as_query(struct reply *reply, enum problem problem, const char *sentence)
{
	reply->status = word(problem)->status;
	write_json(reply, TYPE_JSON_0, word(problem)->query, sentence);
}

/* ---- operations ---- */

#define CLOUDWATCH_ROW(op, how) \
	{ \
		.name = #op, .action = "cloudwatch:" #op, .resource = "*", \
		.source = "monitoring.amazonaws.com", .signing = "monitoring", \
		.handle = handle_##op, .refuse = (how) \
	}
#define CLOUDWATCH_ROWS(how) \
	{ \
		CLOUDWATCH_ROW(ListMetrics, how), \
			CLOUDWATCH_ROW(GetMetricStatistics, how), \
			CLOUDWATCH_ROW(GetMetricData, how), \
	}
#define CLOUDWATCH_ACTIONS \
	"This service answers the actions ListMetrics, GetMetricStatistics and " \
	"GetMetricData of CloudWatch."

static const struct extra_row query_rows[] = CLOUDWATCH_ROWS(refuse_query);
static const struct extra_row watch_rows[] = CLOUDWATCH_ROWS(refuse_json_as_query);
static const struct extra_row trail_rows[] = {
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

/* What X-Amz-Target names before its last dot, or the end of that. */
static const struct json_service {
	const char *target;
	const struct extra_row *rows;
	size_t count;
	bool is_form; /* its handlers take the members of a form */
	void (*refuse)(struct reply *reply, enum problem problem, const char *sentence);
	const char *answers;
} json_services[] = {
	{ "CloudTrail_20131101", trail_rows, ROWS(trail_rows), false, refuse_json,
		"This service answers LookupEvents of CloudTrail." },
	{ "GraniteServiceVersion20100801", watch_rows, ROWS(watch_rows), true,
		refuse_json_as_query, CLOUDWATCH_ACTIONS },
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
		row = find_row(query_rows, ROWS(query_rows), action);
	if (row)
		extra_run(service, exchange, row, form, NULL);
	else
		refuse(exchange, refuse_query, PROBLEM_UNKNOWN_OPERATION,
			CLOUDWATCH_ACTIONS);
}

static enum err
read_json(const struct exchange *exchange, bool as_form, struct pairs **form,
	const struct value **tree, struct fault *why)
{
	const struct buf *body = &exchange->request.body;
	enum err err = json_parse(exchange->http, body->data, body->len, tree, why);

	*form = pairs_new(exchange->http);
	if (!err && (*tree)->kind != VALUE_MAP)
		err = fault(why, ERR_INVALID, "The body must be a JSON object.");
	if (err || !as_form)
		return err;
	err = form_of_json(exchange->http, *tree, form, why);
	*tree = NULL;
	return err;
}

static void
take_json(struct service *service, struct exchange *exchange,
	const struct json_service *asked, const char *operation)
{
	const struct extra_row *row = find_row(asked->rows, asked->count, operation);
	const struct value *tree;
	struct pairs *form;
	struct fault why;

	if (!row)
		refuse(exchange, asked->refuse, PROBLEM_UNKNOWN_OPERATION,
			asked->answers);
	else if (read_json(exchange, asked->is_form, &form, &tree, &why))
		refuse(exchange, asked->refuse, PROBLEM_MALFORMED_QUERY, why.sentence);
	else
		extra_run(service, exchange, row, form, tree);
}

static void
take_target(struct service *service, struct exchange *exchange, const char *target)
{
	const char *dot = strrchr(target, '.');
	size_t length = dot ? (size_t)(dot - target) : 0;

	for (size_t i = 0; i < ROWS(json_services); i++) {
		size_t n = strlen(json_services[i].target);

		if (length >= n && memcmp(dot - n, json_services[i].target, n) == 0) {
			take_json(service, exchange, &json_services[i], dot + 1);
			return;
		}
	}
	refuse(exchange, refuse_json, PROBLEM_UNKNOWN_OPERATION,
		"This service answers CloudTrail and CloudWatch.");
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
		take_target(service, exchange, target);
	else if (is_form(request))
		take_query(service, exchange);
	else
		refuse(exchange, reply_problem, PROBLEM_UNKNOWN_OPERATION,
			"A request for / names its operation: in X-Amz-Target, or as the "
			"Action of a form.");
}
