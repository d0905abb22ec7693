#include "actions.h"

#include <string.h>

#include "../app_parts.h"
#include "oneclick/base/mem.h"

#define FUNCTION_SMS "iot1click_onclick_sms"
#define FUNCTION_EMAIL "iot1click_onclick_email"
/* Stands where the account's number is not known: an empty local service has told none.
 */
#define ACCOUNT_UNKNOWN "000000000000"

const struct safe_text action_labels[ACTION_KINDS] = {
	[ACTION_SMS] = { "Send SMS" },
	[ACTION_EMAIL] = { "Send email" },
	[ACTION_CUSTOM] = { "Custom action using a Lambda function" },
};

static const struct {
	enum action_kind kind;
	const char *key;
	struct safe_text label;
} values[ACTION_VALUES] = {
	{ ACTION_EMAIL, "email", { "Required email default value" } },
	{ ACTION_EMAIL, "subject", { "Required subject default value" } },
	{ ACTION_EMAIL, "body", { "Required body default value" } },
	{ ACTION_SMS, "phoneNumber", { "Required phoneNumber default value" } },
	{ ACTION_SMS, "message", { "Required message default value" } },
};

enum action_kind
action_value_of(size_t i)
{
	return values[i].kind;
}

const char *
action_value_key(size_t i)
{
	return values[i].key;
}

struct safe_text
action_value_label(size_t i)
{
	return values[i].label;
}

char *
action_callback(const void *ctx, const struct app *app, enum action_kind kind,
	const char *function)
{
	const char *account = *app_account(app) ? app_account(app) : ACCOUNT_UNKNOWN;

	if (kind == ACTION_CUSTOM && strncmp(function, "arn:", 4) == 0)
		return mem_text(ctx, function);
	return mem_format(ctx, "arn:aws:lambda:%s:%s:function:%s", app->options.region,
		account,
		kind == ACTION_SMS     ? FUNCTION_SMS
		: kind == ACTION_EMAIL ? FUNCTION_EMAIL
				       : function);
}

enum action_kind
action_of_callback(const char *callback)
{
	const char *function = callback ? strstr(callback, ":function:") : NULL;

	if (function && strcmp(function, ":function:" FUNCTION_SMS) == 0)
		return ACTION_SMS;
	if (function && strcmp(function, ":function:" FUNCTION_EMAIL) == 0)
		return ACTION_EMAIL;
	return ACTION_CUSTOM;
}

const char *
action_words(const char *callback)
{
	enum action_kind kind = action_of_callback(callback);

	if (!callback || !*callback)
		return "a press calls nothing";
	return kind == ACTION_CUSTOM ? callback : action_labels[kind].text;
}

void
load_projects_again(struct app *app)
{
	facts_stale(app, NULL);
	load_projects(app);
}
