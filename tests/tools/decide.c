/* Decides as the service would: a JSON object a line on standard input, {"policies": [..],
 * "action", "resource", "context": {key: [value, ..]}}, a word a line on standard output.
 * A judge of its own, written in another language, says whether each is right. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/service/policy.h"

enum { POLICIES_MAX = 8, VALUES_MAX = 16 };

struct asked {
	const struct value *context;
	const char *value[VALUES_MAX];
};

static struct texts
find(void *arg, const char *key)
{
	struct asked *asked = arg;
	struct texts out = { .item = asked->value };
	const struct value *map = asked->context;

	for (size_t i = 0; i < map->count; i++) {
		if (strcasecmp(map->key[i], key) != 0)
			continue;
		for (; out.count < map->item[i].count; out.count++)
			asked->value[out.count] = map->item[i].item[out.count].text;
		break;
	}
	return out;
}

static const char *
text_of(const void *ctx, const struct value *document)
{
	struct json j;
	struct buf out;

	buf_init(&out, ctx, BUF_NO_CAP);
	j = json_to(&out);
	json_value(&j, document);
	return out.data;
}

static const char *
decide(const void *ctx, const struct value *line)
{
	static const char *const words[] = {
		[POLICY_ALLOWED] = "allowed",
		[POLICY_EXPLICIT_DENY] = "explicitDeny",
		[POLICY_IMPLICIT_DENY] = "implicitDeny",
	};
	const struct value *documents = value_get(line, "policies");
	struct asked asked = { .context = value_get(line, "context") };
	const struct policy_context context = { .find = find, .arg = &asked };
	const struct policy_question question = {
		.action = value_text(line, "action"),
		.resource = value_text(line, "resource"),
		.context = &context,
	};
	const struct policy *policy[POLICIES_MAX];

	for (size_t i = 0; i < documents->count; i++) {
		struct policy *parsed;
		struct fault why;

		if (policy_parse(ctx, text_of(ctx, &documents->item[i]), &parsed, &why)) {
			fprintf(stderr, "%s\n", why.sentence);
			return "refused";
		}
		policy[i] = parsed;
	}
	return words[policies_decide(policy, documents->count, &question).decision];
}

int
main(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;

	while ((n = getline(&line, &room, stdin)) > 0) {
		void *life = mem_life(NULL);
		const struct value *tree;
		struct fault why;

		if (json_parse(life, line, (size_t)n, &tree, &why)) {
			fprintf(stderr, "%s\n", why.sentence);
			return 1;
		}
		puts(decide(life, tree));
		mem_free(life);
	}
	free(line);
	return 0;
}
