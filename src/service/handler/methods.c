/* Device methods: what a device of its type can be asked (guide, "Device Methods"). Their
 * parameters and answers are JSON inside a text.  Our own addition is the condition
 * notHeardForHours, in the same method and shape. */
#include <math.h>
#include <string.h>

#include "oneclick/base/mem.h"
#include "oneclick/data/record.h"
#include "oneclick/service/context.h"
#include "oneclick/store/devices.h"
#include "parts.h"

enum { QUIET_HOURS_MAX = 365 * 24, HOUR = 60 * 60 * 1000 };

/* How the contract begins its word of parameters it cannot use. */
#define REFUSED "A request parameter was invalid."

/* What set* is told; get* tells it back. */
struct wish {
	const char *device_id;
	const struct value *callback, *condition;
	const char *arn;
	double life_below;   /* percent; NaN: not said */
	int64_t quiet_hours; /* FIELD_ABSENT_INT: not said */
};

#define AT(member) offsetof(struct wish, member)
/* name, kind, member, least and most, letters, longest value */
static const struct field wish_rows[] = {
	{ "deviceId", FIELD_TEXT, AT(device_id), 0, 32, LETTERS_ANY, 0 },
	{ "callback", FIELD_TREE, AT(callback), 0, 0, LETTERS_ANY, 0 },
	{ "condition", FIELD_TREE, AT(condition), 0, 0, LETTERS_ANY, 0 },
};
static const struct field callback_rows[] = {
	{ "awsLambdaArn", FIELD_TEXT, AT(arn), 0, CALLBACK_MAX_LENGTH, LETTERS_ANY, 0 },
};
static const struct field condition_rows[] = {
	{ CONDITION_LIFE, FIELD_NUMBER, AT(life_below), 0, 100, LETTERS_ANY, 0 },
	{ CONDITION_QUIET, FIELD_INT, AT(quiet_hours), 1, QUIET_HOURS_MAX, LETTERS_ANY,
		0 },
};
#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

enum does { GET_HEALTH, SET, GET };

#define CLICK offsetof(struct device, on_click)
#define HEALTH offsetof(struct device, on_health)
/* In the order GetDeviceMethods has them: name, type, what it does, the member of the
 * device that keeps its wish, and whether that has a condition. */
static const struct method {
	const char *name, *type;
	enum does does;
	size_t at;
	bool has_condition;
} methods[] = {
	{ "getDeviceHealthParameters", "device", GET_HEALTH, 0, false },
	{ "setDeviceHealthMonitorCallback", "device", SET, HEALTH, true },
	{ "getDeviceHealthMonitorCallback", "device", GET, HEALTH, true },
	{ "setOnClickCallback", "button", SET, CLICK, false },
	{ "getOnClickCallback", "button", GET, CLICK, false },
};

enum err
handle_GetDeviceMethods(struct handling *h, struct fault *why)
{
	struct json j = json_to(h->out);
	struct device device;
	enum err err = own_device(h, h->ask->device_id, ERR_NOT_FOUND, &device, why);

	if (err != ERR_NONE)
		return err;
	json_open(&j, '{');
	json_key(&j, "deviceMethods");
	json_open(&j, '[');
	for (size_t i = 0; i < COUNT(methods); i++) {
		json_open(&j, '{');
		json_member_text(&j, "methodName", methods[i].name);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_close(&j, '}');
	return ERR_NONE;
}

static enum err
find_method(const struct ask *ask, const struct method **out, struct fault *why)
{
	const char *name = ask->method_name, *type = ask->method_type;

	if (!name)
		return fault(why, ERR_INVALID,
			"deviceMethod.methodName is missing; GetDeviceMethods lists the "
			"names.");
	for (size_t i = 0; i < COUNT(methods); i++)
		if (strcmp(methods[i].name, name) == 0)
			*out = &methods[i];
	if (!*out)
		return fault(why, ERR_INVALID,
			"There is no method %.64s; GetDeviceMethods lists the names.",
			name);
	if (type && *type && strcmp(type, (*out)->type) != 0)
		return fault(why, ERR_INVALID,
			"%s is a method of deviceType \"%s\", not \"%.64s\".", name,
			(*out)->type, type);
	return ERR_NONE;
}

static enum err
parse_parameters(struct handling *h, const struct value **out, struct fault *why)
{
	const char *text = h->ask->method_parameters;
	enum err err;

	*out = NULL;
	if (!text)
		return ERR_NONE;
	if (!*text)
		return fault(why, ERR_INVALID,
			"It is empty; leave it out or give a JSON object.");
	err = json_parse(h->ctx, text, strlen(text), out, why);
	if (err == ERR_NONE && (*out)->kind != VALUE_MAP)
		err = fault(why, ERR_INVALID, "It must be a JSON object, not %s.",
			value_kind_name((*out)->kind));
	return err;
}

static enum err
read_wish(
	struct handling *h, const struct value *tree, struct wish *out, struct fault *why)
{
	enum err err = record_read(h->ctx, wish_rows, COUNT(wish_rows), tree, out, why);

	if (err == ERR_NONE && out->callback)
		err = record_read(h->ctx, callback_rows, COUNT(callback_rows),
			out->callback, out, why);
	if (err == ERR_NONE && out->condition)
		err = record_read(h->ctx, condition_rows, COUNT(condition_rows),
			out->condition, out, why);
	return err;
}

static enum err
check_wish(const struct method *method, const struct device *device,
	const struct wish *wish, struct fault *why)
{
	if (wish->device_id && strcmp(wish->device_id, device->id) != 0)
		return fault(why, ERR_INVALID,
			"deviceId is %s, but the request is for %s.", wish->device_id,
			device->id);
	if (!wish->arn)
		return fault(why, ERR_INVALID,
			"callback.awsLambdaArn is missing; give an ARN, or \"\" to take "
			"the callback away.");
	if (method->has_condition && *wish->arn && isnan(wish->life_below) &&
		wish->quiet_hours == FIELD_ABSENT_INT)
		return fault(why, ERR_INVALID,
			"condition." CONDITION_LIFE " is missing; give a percentage "
			"(or " CONDITION_QUIET ", or both).");
	if (!method->has_condition && wish->condition)
		return fault(why, ERR_INVALID, "%s takes no condition.", method->name);
	return ERR_NONE;
}

static const char *
write_wish(struct handling *h, const struct device *device, const struct wish *wish)
{
	struct buf out;
	struct json j;

	buf_init(&out, h->ctx, BUF_NO_CAP);
	j = json_to(&out);
	j.spaced = true;
	json_open(&j, '{');
	json_member_text(&j, "deviceId", device->id);
	json_key(&j, "callback");
	json_open(&j, '{');
	json_member_text(&j, "awsLambdaArn", wish->arn);
	json_close(&j, '}');
	if (wish->condition) {
		json_key(&j, "condition");
		json_open(&j, '{');
		if (!isnan(wish->life_below)) {
			json_key(&j, CONDITION_LIFE);
			json_number(&j, wish->life_below);
		}
		if (wish->quiet_hours != FIELD_ABSENT_INT)
			json_member_int(&j, CONDITION_QUIET, wish->quiet_hours);
		json_close(&j, '}');
	}
	json_close(&j, '}');
	return out.data;
}

static const char **
wish_of(const struct method *method, struct device *device)
{
	return (const char **)((char *)device + method->at);
}

/* Setting it again, though the same, arms it again. */
static void
watch(struct device *device, const struct wish *wish)
{
	bool wanted = *wish->arn != '\0';
	double life = isnan(wish->life_below) ? 0 : wish->life_below;
	int64_t hours = wish->quiet_hours == FIELD_ABSENT_INT ? 0 : wish->quiet_hours;

	device_watch(device, wanted ? life : 0, wanted ? hours * HOUR : 0);
}

/* The device's context names its callback, so it is made anew. */
static enum err
set_wish(struct handling *h, const struct method *method, struct device *device,
	const struct value *tree, struct fault *why)
{
	struct wish wish = { .life_below = NAN, .quiet_hours = FIELD_ABSENT_INT };
	enum err err;

	if (!tree)
		return fault(why, ERR_INVALID,
			"It is missing; %s needs a JSON object with callback.",
			method->name);
	err = read_wish(h, tree, &wish, why);
	if (err == ERR_NONE)
		err = check_wish(method, device, &wish, why);
	if (err != ERR_NONE)
		return err;
	*wish_of(method, device) = *wish.arn ? write_wish(h, device, &wish) : NULL;
	if (method->has_condition)
		watch(device, &wish);
	device->context = 0;
	return devices_save(h->tx, device, why);
}

static const char *
write_health(struct handling *h, const struct device *device)
{
	struct buf out;
	struct json j;

	buf_init(&out, h->ctx, BUF_NO_CAP);
	j = json_to(&out);
	j.spaced = true;
	json_open(&j, '{');
	json_key(&j, "remainingLife");
	json_number(&j, device->life);
	json_close(&j, '}');
	return out.data;
}

static enum err
carry_out(struct handling *h, const struct method *method, struct device *device,
	const char **answer, struct fault *why)
{
	const struct value *tree;
	enum err err = parse_parameters(h, &tree, why);

	if (err != ERR_NONE)
		return err;
	*answer = "{}";
	if (method->does == SET)
		return set_wish(h, method, device, tree, why);
	if (tree && tree->count > 0)
		return fault(why, ERR_INVALID, "%s takes no parameters.", method->name);
	if (method->does == GET_HEALTH)
		*answer = write_health(h, device);
	else if (*wish_of(method, device))
		*answer = *wish_of(method, device);
	return ERR_NONE;
}

static enum err
invoke(struct handling *h, const struct method *method, struct device *device,
	const char **answer, struct fault *why)
{
	struct fault inner;
	enum err err = carry_out(h, method, device, answer, &inner);

	if (err == ERR_INVALID)
		return fault(why, err, REFUSED " In deviceMethodParameters: %s",
			inner.sentence);
	return err == ERR_NONE ? err : fault(why, err, "%s", inner.sentence);
}

enum err
handle_InvokeDeviceMethod(struct handling *h, struct fault *why)
{
	const struct method *method = NULL;
	struct json j = json_to(h->out);
	struct device device;
	const char *answer;
	enum err err = own_device(h, h->ask->device_id, ERR_PRECONDITION, &device, why);

	if (err == ERR_NONE)
		err = find_method(h->ask, &method, why);
	if (err == ERR_NONE)
		err = invoke(h, method, &device, &answer, why);
	if (err != ERR_NONE)
		return err;
	json_open(&j, '{');
	json_member_text(&j, "deviceMethodResponse", answer);
	json_close(&j, '}');
	return ERR_NONE;
}
