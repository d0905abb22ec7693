#include "simulate.h"

#include <string.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/file.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/console/console.h"
#include "oneclick/data/json.h"

enum { DOCUMENT_BYTES_MAX = 64 * 1024 };

/* "iot1click:ListDevices", and nothing that could be a file's name in a folder. */
static bool
is_action(const char *word)
{
	size_t n = strcspn(word, ":./=");

	return n > 0 && word[n] == ':';
}

static enum err
write_policies(const void *ctx, struct json *j, const char *const *path, size_t count,
	struct fault *why)
{
	enum err err = ERR_NONE;

	if (count == 0)
		return ERR_NONE;
	json_key(j, "policies");
	json_open(j, '[');
	for (size_t i = 0; !err && i < count; i++) {
		struct buf text;

		err = file_read_input(ctx, path[i], DOCUMENT_BYTES_MAX, &text, why);
		if (!err)
			json_textn(j, text.data, text.len);
	}
	json_close(j, ']');
	if (err) /* a file that is not there is a wrong word like any other */
		why->code = ERR_INVALID;
	return err ? ERR_INVALID : ERR_NONE;
}

static void
write_list(struct json *j, const char *name, const char *text)
{
	json_key(j, name);
	json_open(j, '[');
	json_text(j, text);
	json_close(j, ']');
}

static bool
has_key(const char *word, const char *key, size_t n)
{
	return strncmp(word, key, n) == 0 && word[n] == '=';
}

/* All values of the key of word[at], unless an earlier word had it. */
static void
write_values(struct json *j, const char *const *word, size_t count, size_t at)
{
	size_t n = strcspn(word[at], "=");

	for (size_t i = 0; i < at; i++)
		if (has_key(word[i], word[at], n))
			return;
	json_key(j, mem_textn(j->out->ctx, word[at], n));
	json_open(j, '[');
	for (size_t i = at; i < count; i++)
		if (has_key(word[i], word[at], n))
			json_text(j, word[i] + n + 1);
	json_close(j, ']');
}

static enum err
write_context(struct json *j, const char *const *word, size_t count, struct fault *why)
{
	json_key(j, "context");
	json_open(j, '{');
	for (size_t i = 0; i < count; i++) {
		if (!strchr(word[i], '=') || word[i][0] == '=')
			return fault(why, ERR_INVALID,
				"\"%.80s\" must be CONDITION=VALUE, as in "
				"aws:SourceIp=192.0.2.1.",
				text_safe_z(j->out->ctx, word[i]).text);
		write_values(j, word, count, i);
	}
	json_close(j, '}');
	return ERR_NONE;
}

enum err
simulate_read(const void *ctx, const char *user, const char *const *word, size_t count,
	const char **body, struct fault *why)
{
	struct buf *out = mem_new(ctx, struct buf);
	size_t files = 0;
	struct json j;
	enum err err;

	while (files < count && !is_action(word[files]))
		files++;
	if (count - files < 2)
		return fault(why, ERR_INVALID,
			"What is asked? Say an action and a resource, as in "
			"iot1click:ListDevices '*'.");
	if (!user && files == 0)
		return fault(why, ERR_INVALID,
			"Whom is it about? Say --user NAME, or a file with a policy.");
	buf_init(out, out, BUF_NO_CAP);
	j = json_to(out);
	json_open(&j, '{');
	if (user)
		json_member_text(&j, "user", user);
	err = write_policies(out, &j, word, files, why);
	write_list(&j, "actions", word[files]);
	write_list(&j, "resources", word[files + 1]);
	if (!err)
		err = write_context(&j, word + files + 2, count - files - 2, why);
	json_close(&j, '}');
	*body = out->data;
	return err;
}

const struct value *
simulate_result(const struct value *body)
{
	const struct value *results = value_get(body, "results");

	return results && results->kind == VALUE_LIST && results->count > 0
		       ? &results->item[0]
		       : NULL;
}

int
simulate_status(const struct value *result)
{
	const char *decision = value_text(result, "decision");

	return decision && strcmp(decision, "allowed") == 0 ? EXIT_DONE
							    : EXIT_NOT_AUTHORISED;
}
