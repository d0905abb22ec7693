/* One device: what it is, where it stands, what it did, and what it can be asked. */
#include <string.h>

#include "../app_parts.h"
#include "describe.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/json.h"

static void
add_methods(struct app *app, struct detail *detail, const char *id)
{
	const struct fact *fact = facts_want(app, OP_GET_DEVICE_METHODS, "", id);
	const struct value *list = value_get(fact->tree, "deviceMethods");
	void *life = mem_life(NULL);

	detail_blank(detail);
	detail_heading(detail, SAFE("Methods the device has (i calls one)"));
	describe_absence(detail, fact);
	for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->count; i++)
		detail_text(detail,
			text_safe_z(
				life, value_text(&list->item[i], "methodName")
					      ? value_text(&list->item[i], "methodName")
					      : ""),
			ROLE_TEXT, 2);
	mem_free(life);
}

static void
add_event(struct app *app, struct detail *detail, const struct value *event)
{
	struct times times = app_times(app);
	const char *text = value_text(event, "stdEvent");
	const struct value *tree = NULL;
	void *life = mem_life(NULL);
	int64_t at = 0;

	if (text && json_parse(life, text, strlen(text), &tree, NULL) == ERR_NONE) {
		const char *click = value_text(tree, "clickType");

		moment_from_iso(value_text(tree, "reportedTime")
					? value_text(tree, "reportedTime")
					: "",
			&at);
		detail_text(detail,
			text_safe_format(life, "%s  %-6s  %3d%%",
				times_long(&times, life, at).text, click ? click : "?",
				(int)value_percent(tree, "remainingLife")),
			ROLE_TEXT, 2);
	}
	mem_free(life);
}

static void
add_events(struct app *app, struct detail *detail, const char *id)
{
	const struct fact *fact = facts_want(app, OP_LIST_DEVICE_EVENTS, "", id);
	const struct value *list = value_get(fact->tree, "events");
	size_t count = list && list->kind == VALUE_LIST ? list->count : 0;

	detail_blank(detail);
	detail_heading(detail, SAFE("Clicks of the last seven days"));
	if (describe_absence(detail, fact))
		return;
	if (!count)
		detail_text(detail, SAFE("none"), ROLE_DIM, 2);
	if (value_text(fact->tree, "nextToken"))
		detail_text(detail,
			SAFE("the first of them; `oneclick device events` lists all"),
			ROLE_DIM, 2);
	for (size_t i = count; i-- > 0;)
		add_event(app, detail, &list->item[i]);
}

static void
add_attributes(struct app *app, struct detail *detail, const struct device_row *device)
{
	const struct words *words = app->state->words;

	detail_blank(detail);
	describe_placement(app, detail, words_text(words, device->project),
		words_text(words, device->placement));
}

static void
describe(struct pane *pane, struct detail *detail)
{
	struct app *app = pane->app;
	const struct fact *fact = facts_want(app, OP_DESCRIBE_DEVICE, "", pane->name);
	uint32_t row = devices_find(app->state, pane->name);
	void *life = mem_life(NULL);
	const char *arn = value_text(value_get(fact->tree, "deviceDescription"), "arn");

	if (row == NO_ROW) {
		detail_heading(detail, text_safe_z(life, pane->name));
		describe_absence(detail, fact);
		mem_free(life);
		return;
	}
	describe_device_row(app, detail, row);
	if (arn)
		detail_pair(detail, SAFE("ARN"), text_safe_z(life, arn), ROLE_TEXT);
	mem_free(life);
	if (app->state->devices.row[row].placement)
		add_attributes(app, detail, &app->state->devices.row[row]);
	add_events(app, detail, pane->name);
	add_methods(app, detail, pane->name);
}

const struct pane_class device_pane = {
	.id = PANE_DEVICE,
	.title = "Devices",
	.act = detail_pane_act,
	.layout = detail_pane_layout,
	.draw = detail_pane_draw,
	.detail = describe,
};
