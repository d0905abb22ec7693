#include "oneclick/api/route.h"

#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/base/uri.h"
#include "oneclick/base/utf8.h"
#include "oneclick/model/arn.h"

enum { PATH_MAX_LENGTH = 4096 };

/* "." or ".." between the slashes of an escaped segment would be as good as one outside.
 */
static bool
has_dot_piece(const char *text)
{
	for (const char *at = text;; at++) {
		size_t n = strcspn(at, "/");
		if ((n == 1 && at[0] == '.') || (n == 2 && at[0] == '.' && at[1] == '.'))
			return true;
		at += n;
		if (*at == '\0')
			return false;
	}
}

static enum err
check_segment(const void *ctx, const char *raw, size_t n, struct fault *why)
{
	if (n == 0)
		return fault(why, ERR_INVALID,
			"The path has an empty segment; write one "
			"'/' between segments and none at the end.");
	size_t len;
	char *text = uri_decoded(ctx, raw, n, &len);
	if (text == NULL)
		return fault(why, ERR_INVALID,
			"The path has a '%%' that is not followed "
			"by two hexadecimal digits other than 00.");
	if (!utf8_is_valid(text, len))
		return fault(why, ERR_INVALID, "The path's escapes are not UTF-8.");
	if (strchr(text, '\\') != NULL)
		return fault(why, ERR_INVALID,
			"The path has a backslash; no resource has "
			"one in its name.");
	if (has_dot_piece(text))
		return fault(why, ERR_INVALID,
			"The path has a '.' or '..' segment; write "
			"the path that it stands for.");
	return ERR_NONE;
}

static enum err
check_letters(const char *path, struct fault *why)
{
	if (path[0] != '/')
		return fault(why, ERR_INVALID,
			"The path does not begin with '/'; send the "
			"path alone as the request's target.");
	if (strlen(path) > PATH_MAX_LENGTH)
		return fault(why, ERR_INVALID, "The path is longer than %d bytes.",
			PATH_MAX_LENGTH);
	for (const char *at = path; *at != '\0'; at++) {
		unsigned char c = (unsigned char)*at;
		if (c <= ' ' || c >= 0x7f || strchr("\\?#\"<>^`{|}", c) != NULL)
			return fault(why, ERR_INVALID,
				"The path has the byte 0x%02x, which "
				"must be percent-encoded.",
				c);
	}
	return ERR_NONE;
}

static enum err
check_segments(const void *ctx, const char *path, struct fault *why)
{
	const char *at = path;
	do {
		at++;
		size_t n = strcspn(at, "/");
		enum err err = check_segment(ctx, at, n, why);
		if (err != ERR_NONE)
			return err;
		at += n;
	} while (*at != '\0');
	return ERR_NONE;
}

enum err
route_check_path(const char *path, struct fault *why)
{
	enum err err = check_letters(path, why);
	if (err != ERR_NONE || path[1] == '\0')
		return err;
	void *life = mem_life(NULL);
	err = check_segments(life, path, why);
	mem_free(life);
	return err;
}

/* Walks template and path together; with `labels`, sets what the labels stand for. */
static bool
match_template(const char *uri, const char *path, struct pairs *labels)
{
	while (*uri == '/' && *path == '/') {
		size_t u = strcspn(++uri, "/"), p = strcspn(++path, "/");
		if (uri[0] != '{') {
			if (u != p || memcmp(uri, path, u) != 0)
				return false;
		} else if (labels != NULL) {
			char *name = mem_textn(labels, uri + 1, u - 2);
			pairs_set(labels, name, uri_decoded(labels, path, p, NULL));
		}
		uri += u;
		path += p;
	}
	return *uri == '\0' && *path == '\0';
}

/* The first row of both, or OP_NONE. */
static enum op
find_row(const char *method, const char *path, bool *path_known)
{
	for (enum op op = 0; op < OP_COUNT; op++) {
		const struct op_info *info = op_info(op);
		if (!match_template(info->uri, path, NULL))
			continue;
		*path_known = true;
		if (strcmp(info->method, method) == 0)
			return op;
	}
	return OP_NONE;
}

/* The row with the same method and template in the API that the tagged resource is of.
 * What is no ARN stays with the first row: it is refused with the request's other members,
 * and only to whoever has signed it. */
static void
choose_api(struct route *route)
{
	const struct op_info *found = op_info(route->op);
	struct arn arn;
	if (found->resource != OP_RESOURCE_ARN ||
		arn_parse(pairs_get(route->labels, "resourceArn"), &arn, NULL))
		return;
	enum op_api api = arn.kind == ARN_DEVICE ? OP_API_DEVICES : OP_API_PROJECTS;
	for (enum op op = 0; op < OP_COUNT; op++) {
		const struct op_info *info = op_info(op);
		if (info->api == api && strcmp(info->uri, found->uri) == 0 &&
			strcmp(info->method, found->method) == 0)
			route->op = op;
	}
}

enum err
route_find(const void *ctx, const char *method, const char *path, struct route *out,
	struct fault *why)
{
	*out = (struct route){ .op = OP_NONE };
	enum err err = route_check_path(path, why);
	if (err != ERR_NONE)
		return err;
	out->op = find_row(method, path, &out->path_known);
	out->labels = pairs_new(ctx);
	if (out->op == OP_NONE)
		return ERR_NONE;
	match_template(op_info(out->op)->uri, path, out->labels);
	choose_api(out);
	return ERR_NONE;
}
