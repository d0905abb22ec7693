#include "oneclick/service/audit.h"

#include <string.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/data/json.h"

#define MASK "****"

/* Bytes kept of what others wrote: of a text, of a member that is more than a text, and of
 * all of them.  What the largest change that is carried out needs fits. */
enum { AGENT_MAX = 256, TEXT_MAX = 1024, TREE_MAX = 4 * 1024, PARAMETERS_MAX = 8 * 1024 };

/* Members whose values belong to the customer; the record says only that they were given
 * (the guide's CreateProject sample). */
static const char *const masked[] = { "attributes", "tags", "deviceMethodParameters" };

/* "2018-04-12T18:57:27Z": records have whole seconds. */
static void
write_time(struct json *j, int64_t at)
{
	char iso[MOMENT_ISO_SIZE];

	moment_to_iso(at, iso);
	strcpy(strchr(iso, '.'), "Z");
	json_member_text(j, "eventTime", iso);
}

/* Its first `max` bytes or a few less, whole characters, and how many there were. */
static void
write_cut(struct json *j, const char *text, size_t max)
{
	size_t length = strlen(text);
	char *part;

	if (length <= max) {
		json_text(j, text);
		return;
	}
	while (max > 0 && ((unsigned char)text[max] & 0xC0) == 0x80)
		max--;
	part = mem_format(NULL, "%.*s... (cut, of %zu bytes)", (int)max, text, length);
	json_text(j, part);
	mem_free(part);
}

/* JSON that was written to `tree`, or its begin as a text when it is longer than `max`. */
static void
write_tree(struct json *j, struct buf *tree, size_t max)
{
	if (tree->len <= max)
		json_raw(j, tree->data);
	else
		write_cut(j, tree->data, TEXT_MAX);
	buf_release(tree);
}

static void
write_identity(struct json *j, const struct audit_note *note, const void *life)
{
	const struct principal *who = note->principal;

	json_key(j, "userIdentity");
	json_open(j, '{');
	json_member_text(j, "type", who ? "IAMUser" : "Unknown");
	if (who) {
		json_member_text(j, "principalId",
			mem_format(life, "%s:%s", who->account, who->user));
		json_member_text(j, "arn", who->arn);
		json_member_text(j, "accountId", who->account);
		json_member_text(j, "accessKeyId", who->access_key);
		json_member_text(j, "userName", who->user);
	}
	json_close(j, '}');
}

static bool
is_masked(const char *name)
{
	for (size_t i = 0; i < sizeof masked / sizeof *masked; i++)
		if (strcmp(name, masked[i]) == 0)
			return true;
	return false;
}

static void
write_device_template(struct json *j, const struct device_template *template)
{
	json_key(j, template->name);
	json_open(j, '{');
	if (template->type)
		json_member_text(j, "deviceType", template->type);
	json_key(j, "callbackOverrides");
	json_pairs(j, template->callbacks);
	json_close(j, '}');
}

static void
write_template(struct json *j, const struct placement_template *template)
{
	json_open(j, '{');
	if (template->defaults)
		json_member_text(j, "defaultAttributes", MASK);
	json_key(j, "deviceTemplates");
	json_open(j, '{');
	for (size_t i = 0; i < template->count; i++)
		write_device_template(j, &template->templates[i]);
	json_close(j, '}');
	json_close(j, '}');
}

static void
write_texts(struct json *j, const struct texts *texts)
{
	json_open(j, '[');
	for (size_t i = 0; i < texts->count; i++)
		json_text(j, texts->item[i]);
	json_close(j, ']');
}

static void
write_moment(struct json *j, int64_t at)
{
	char iso[MOMENT_ISO_SIZE];

	moment_to_iso(at, iso);
	json_text(j, iso);
}

static void
write_value(struct json *j, const struct field *field, const struct ask *ask)
{
	const void *at = (const char *)ask + field->at;

	switch (field->kind) {
	case FIELD_TEXT:
		write_cut(j, *(const char *const *)at, TEXT_MAX);
		break;
	case FIELD_FLAG:
		json_bool(j, *(const int *)at == 1);
		break;
	case FIELD_INT:
		json_int(j, *(const int64_t *)at);
		break;
	case FIELD_NUMBER:
		json_number(j, *(const double *)at);
		break;
	case FIELD_TIME:
		write_moment(j, *(const int64_t *)at);
		break;
	case FIELD_PAIRS:
		json_pairs(j, *(struct pairs *const *)at);
		break;
	case FIELD_TEXTS:
		write_texts(j, at);
		break;
	case FIELD_TREE:
		if (ask->placement_template)
			write_template(j, ask->placement_template);
		else
			json_value(j, *(const struct value *const *)at);
		break;
	}
}

static void
write_parameter(struct json *j, enum op_api api, const char *name, const struct ask *ask)
{
	const struct field *field = ask_field(api, name);
	struct buf tree;
	struct json in;

	if (!field || !field_is_given(field, ask))
		return;
	json_key(j, name);
	if (is_masked(name)) {
		json_text(j, MASK);
		return;
	}
	buf_init(&tree, NULL, BUF_NO_CAP);
	in = json_to(&tree);
	write_value(&in, field, ask);
	write_tree(j, &tree, TREE_MAX);
}

/* The members of a row's uri, query and body lists, all of which are words of letters
 * between other signs; the literal parts of a uri are no members and pass as unknown. */
static void
write_list(struct json *j, enum op_api api, const char *list, bool is_uri,
	const struct ask *ask)
{
	const char *starts = is_uri ? "{" : "abcdefghijklmnopqrstuvwxyz";

	for (const char *at = list + strcspn(list, starts); *at;) {
		char name[64];
		size_t n;

		at += is_uri;
		n = strcspn(at, " !}");
		if (n < sizeof name) {
			memcpy(name, at, n);
			name[n] = '\0';
			write_parameter(j, api, name, ask);
		}
		at += n;
		at += strcspn(at, starts);
	}
}

/* Of a call beside the contract: what stood in its query and body. */
static void
write_given(struct json *j, const struct audit_note *note)
{
	struct buf body;
	struct json in;

	for (size_t i = 0; note->query && i < note->query->count; i++) {
		if (note->body && strcmp(note->query->row[i].key, "body") == 0)
			continue;
		json_key(j, note->query->row[i].key);
		write_cut(j, note->query->row[i].value, TEXT_MAX);
	}
	if (!note->body)
		return;
	json_key(j, "body");
	buf_init(&body, NULL, BUF_NO_CAP);
	in = json_to(&body);
	json_value(&in, note->body);
	write_tree(j, &body, TREE_MAX);
}

static void
write_asked(struct json *j, const struct audit_note *note)
{
	const struct op_info *info = op_info(note->op);

	write_list(j, info->api, info->uri, true, note->ask);
	write_list(j, info->api, info->query, false, note->ask);
	write_list(j, info->api, info->body, false, note->ask);
}

static void
write_parameters(struct json *j, const struct audit_note *note)
{
	struct buf tree;
	struct json in;

	json_key(j, "requestParameters");
	if (note->op != OP_NONE && !note->ask) {
		json_null(j);
		return;
	}
	buf_init(&tree, NULL, BUF_NO_CAP);
	in = json_to(&tree);
	json_open(&in, '{');
	if (note->op == OP_NONE)
		write_given(&in, note);
	else
		write_asked(&in, note);
	json_close(&in, '}');
	write_tree(j, &tree, PARAMETERS_MAX);
}

static void
write_origin(struct json *j, const struct audit_note *note, const void *life)
{
	const char *agent = request_header(note->request, "User-Agent");

	json_member_text(j, "sourceIPAddress", note->request->peer);
	json_key(j, "userAgent");
	if (agent)
		write_cut(j, text_safe_z(life, agent).text, AGENT_MAX);
	else
		json_null(j);
	if (note->error) {
		json_member_text(j, "errorCode", note->error);
		json_member_text(j, "errorMessage", note->sentence);
	}
}

static void
write_sum(struct json *j, const struct audit_sum *sum)
{
	json_key(j, "additionalEventData");
	json_open(j, '{');
	json_member_int(j, "count", (int64_t)sum->count);
	json_key(j, "from");
	write_moment(j, sum->from);
	json_key(j, "to");
	write_moment(j, sum->to);
	if (sum->repeated)
		json_member_bool(j, "repeated", true);
	json_close(j, '}');
}

static void
write_end(struct json *j, const struct audit_note *note)
{
	char id[UUID_SIZE];

	json_key(j, "responseElements");
	json_null(j);
	if (note->sum)
		write_sum(j, note->sum);
	json_member_text(j, "requestID", *note->request->id ? note->request->id : NULL);
	digest_uuid(id);
	json_member_text(j, "eventID", id);
	json_member_bool(j, "readOnly",
		note->op == OP_NONE ? !note->is_write : !op_is_write(note->op));
	json_member_text(j, "eventType", "AwsApiCall");
	json_member_text(j, "recipientAccountId",
		note->principal ? note->principal->account : note->account);
}

void
audit_record(struct buf *out, const struct audit_note *note)
{
	struct json j = json_to(out);
	void *life = mem_life(NULL);

	json_open(&j, '{');
	json_member_text(&j, "eventVersion", "1.05");
	write_identity(&j, note, life);
	write_time(&j, note->request->at);
	json_member_text(&j, "eventSource",
		note->op == OP_NONE ? note->source : "iot1click.amazonaws.com");
	json_member_text(&j, "eventName",
		note->op == OP_NONE ? note->name : op_info(note->op)->name);
	json_member_text(&j, "awsRegion", note->region);
	write_origin(&j, note, life);
	write_parameters(&j, note);
	write_end(&j, note);
	json_close(&j, '}');
	mem_free(life);
}
