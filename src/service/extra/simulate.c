/* SimulatePolicy: what a user may do, or what policies that are not yet anyone's would
 * allow, without doing it.  Body: {"user": NAME} or {"policies": [document or managed
 * policy's name, ...]} or both (the user with these policies), "actions": [..],
 * "resources": [..] (["*"] when left out), "context": {condition key: text or list of
 * texts}.  Of a user, name and tags are known, and of a resource its tags; the address and
 * the like only as the context says.  Answer: {"results": [{"action", "resource",
 * "decision": allowed|explicitDeny|implicitDeny, "because"}, ...]}. */
#include <string.h>

#include "../auth/judge.h"
#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/service/extra.h"
#include "oneclick/store/users.h"

enum { EACH_MAX = 50, POLICIES_MAX = 10 };

struct simulation {
	struct extra_call *call;
	struct principal user; /* arn NULL: nobody in particular */
	const struct pairs *policies;
	struct judge judge;
	struct texts actions, resources;
	struct facts facts;
	struct json j;
};

/* ---- what is asked ---- */

static enum err
check_members(const struct value *body, struct fault *why)
{
	static const char *const known[] = { "user", "policies", "actions", "resources",
		"context" };
	enum { KNOWN = sizeof known / sizeof *known };

	for (size_t i = 0; i < body->count; i++) {
		const char *near;
		size_t k = 0;
		while (k < KNOWN && strcmp(body->key[i], known[k]) != 0)
			k++;
		if (k < KNOWN)
			continue;
		near = nearest_word(body->key[i], known, KNOWN);
		return fault(why, ERR_INVALID,
			"A simulation has no member '%.64s'%s%s%s.", body->key[i],
			near ? "; did you mean '" : "", near ? near : "",
			near ? "'" : "");
	}
	return ERR_NONE;
}

static enum err
read_list(const struct simulation *s, const char *member, struct texts *out,
	struct fault *why)
{
	const struct value *list = value_get(s->call->body, member);
	size_t count = list && list->kind == VALUE_LIST ? list->count : 0;

	if (count < 1 || count > EACH_MAX)
		return fault(why, ERR_INVALID, "%s takes a list of 1 to %d texts.",
			member, EACH_MAX);
	out->item = mem_array(s->call->ctx, const char *, count);
	for (; out->count < count; out->count++) {
		if (list->item[out->count].kind != VALUE_TEXT)
			return fault(why, ERR_INVALID,
				"%s takes a list of 1 to %d texts.", member, EACH_MAX);
		out->item[out->count] = list->item[out->count].text;
	}
	return ERR_NONE;
}

static enum err
read_actions(struct simulation *s, struct fault *why)
{
	enum err err = read_list(s, "actions", &s->actions, why);

	for (size_t i = 0; !err && i < s->actions.count; i++) {
		const char *action = policy_action(s->actions.item[i]);
		if (!action)
			return fault(why, ERR_INVALID,
				"There is no action '%.100s'; one is like "
				"iot1click:ListDevices, without a wildcard.",
				s->actions.item[i]);
		s->actions.item[i] = action;
	}
	return err;
}

static enum err
read_resources(struct simulation *s, struct fault *why)
{
	enum err err = ERR_NONE;

	if (!value_get(s->call->body, "resources")) {
		s->resources.item = mem_array(s->call->ctx, const char *, 1);
		s->resources.item[s->resources.count++] = "*";
		return ERR_NONE;
	}
	err = read_list(s, "resources", &s->resources, why);
	for (size_t i = 0; !err && i < s->resources.count; i++) {
		const char *text = s->resources.item[i];
		bool is_arn = strncmp(text, "arn:", 4) == 0 && !strpbrk(text, "*?");
		if (!is_arn && strcmp(text, "*") != 0)
			err = fault(why, ERR_INVALID,
				"A resource is '*' or an ARN without wildcards, not "
				"'%.100s'.",
				text);
	}
	return err;
}

static bool
is_said(const struct value *value)
{
	if (value->kind != VALUE_LIST)
		return value->kind == VALUE_TEXT;
	for (size_t i = 0; i < value->count; i++)
		if (value->item[i].kind != VALUE_TEXT)
			return false;
	return true;
}

static enum err
read_context(struct simulation *s, struct fault *why)
{
	const struct value *context = value_get(s->call->body, "context");

	s->facts.supposed = context;
	if (!context)
		return ERR_NONE;
	if (context->kind != VALUE_MAP)
		return fault(why, ERR_INVALID,
			"context takes an object of condition keys, not %s.",
			value_kind_name(context->kind));
	for (size_t i = 0; i < context->count; i++)
		if (!is_said(&context->item[i]))
			return fault(why, ERR_INVALID,
				"context: %.64s takes a text or a list of texts.",
				context->key[i]);
	return ERR_NONE;
}

/* ---- whom about ---- */

static enum err
read_user(struct simulation *s, const char *name, struct fault *why)
{
	const void *ctx = s->call->ctx;
	const char *account = s->call->principal->account;
	struct user user;
	enum err err = users_find(s->call->tx, ctx, account, name, &user, why);

	if (err)
		return err;
	s->user = (struct principal){
		.account = account,
		.user = user.name,
		.arn = principal_arn(ctx, account, user.name),
		.policies = json_read_pairs(ctx, user.policies),
		.tags = json_read_pairs(ctx, user.tags),
	};
	s->facts.principal = &s->user;
	s->policies = s->user.policies;
	if (s->policies && s->user.tags)
		return ERR_NONE;
	return fault(why, ERR_INTERNAL, "User %s cannot be read from the store.", name);
}

static const char *
text_of(const void *ctx, const struct value *policy)
{
	struct json j;
	struct buf out;

	if (policy->kind == VALUE_TEXT)
		return policy->text;
	buf_init(&out, ctx, BUF_NO_CAP);
	j = json_to(&out);
	json_value(&j, policy);
	return out.data;
}

static enum err
read_policies(struct simulation *s, const struct value *list, struct fault *why)
{
	struct pairs *policies = pairs_new(s->call->ctx);

	if (list->kind != VALUE_LIST || list->count < 1 || list->count > POLICIES_MAX)
		return fault(why, ERR_INVALID,
			"policies takes a list of 1 to %d documents.", POLICIES_MAX);
	for (size_t i = 0; i < list->count; i++)
		pairs_set(policies, mem_format(s->call->ctx, "%zu", i + 1),
			text_of(s->call->ctx, &list->item[i]));
	s->policies = policies;
	return ERR_NONE;
}

static enum err
read_subject(struct simulation *s, struct fault *why)
{
	const char *user = value_text(s->call->body, "user");
	const struct value *policies = value_get(s->call->body, "policies");
	enum err err = ERR_NONE;

	if (!user && !policies)
		return fault(why, ERR_INVALID,
			"Whom is it about? Give user, a name, or policies, a list of "
			"documents.");
	if (user)
		err = read_user(s, user, why);
	if (!err && policies)
		err = read_policies(s, policies, why);
	return err ? err : judge_read(s->call->ctx, s->policies, &s->judge, why);
}

/* ---- what is answered ---- */

static enum err
decide(struct simulation *s, const char *action, struct fault *why)
{
	static const char *const words[] = {
		[POLICY_ALLOWED] = "allowed",
		[POLICY_EXPLICIT_DENY] = "explicitDeny",
		[POLICY_IMPLICIT_DENY] = "implicitDeny",
	};
	struct judgement judgement;
	enum err err = judge_ask(&s->judge, action, &s->facts, &judgement, why);

	if (err)
		return err;
	json_open(&s->j, '{');
	json_member_text(&s->j, "action", action);
	json_member_text(&s->j, "resource", s->facts.resource);
	json_member_text(&s->j, "decision", words[judgement.decision]);
	json_member_text(&s->j, "because", judgement.because);
	json_close(&s->j, '}');
	return ERR_NONE;
}

static enum err
decide_all(struct simulation *s, struct fault *why)
{
	enum err err = ERR_NONE;

	json_open(&s->j, '{');
	json_key(&s->j, "results");
	json_open(&s->j, '[');
	for (size_t r = 0; !err && r < s->resources.count; r++) {
		s->facts.resource = s->resources.item[r];
		s->facts.resource_tags = NULL;
		for (size_t a = 0; !err && a < s->actions.count; a++)
			err = decide(s, s->actions.item[a], why);
	}
	json_close(&s->j, ']');
	json_close(&s->j, '}');
	return err;
}

enum err
handle_SimulatePolicy(struct extra_call *call, struct fault *why)
{
	struct simulation s = {
		.call = call,
		.facts = { .ctx = call->ctx,
			.tx = call->tx,
			.settings = call->settings,
			.now = call->now,
			.account = call->principal->account },
		.j = json_to(call->out),
	};
	enum err err;

	if (!call->body)
		return fault(why, ERR_INVALID,
			"A simulation takes a JSON body with user or policies, actions, "
			"resources and context.");
	err = check_members(call->body, why);
	if (!err)
		err = read_actions(&s, why);
	if (!err)
		err = read_resources(&s, why);
	if (!err)
		err = read_context(&s, why);
	if (!err)
		err = read_subject(&s, why);
	if (err)
		return err;
	err = decide_all(&s, why);
	judge_release(&s.judge);
	return err;
}
