#include "describe.h"

#include <string.h>

#include "../states.h"
#include "../wizard/actions.h"
#include "oneclick/base/mem.h"
#include "oneclick/model/product.h"
#include "oneclick/model/project.h"

void
draw_lines(struct canvas *canvas, struct area area, const char *lines)
{
	void *life = mem_life(NULL);

	while (*lines && area.rows > 0) {
		size_t n = strcspn(lines, "\n");

		canvas_put(canvas, area_cut_top(&area, 1), text_safe(life, lines, n),
			ROLE_TEXT);
		lines += n + (lines[n] == '\n');
	}
	mem_free(life);
}

bool
describe_absence(struct detail *detail, const struct fact *fact)
{
	if (fact->tree)
		return false;
	if (fact->why.code)
		detail_text(detail, (struct safe_text){ fact->why.sentence },
			ROLE_NOTICE_ERROR, 2);
	else
		detail_text(detail, SAFE("Loading."), ROLE_DIM, 2);
	return true;
}

static void
add_pair(struct detail *detail, const char *label, const char *value)
{
	void *life = mem_life(NULL);

	detail_pair(detail, text_safe_z(life, label),
		text_safe_z(life, value ? value : "-"), ROLE_TEXT);
	mem_free(life);
}

static void
add_time(struct app *app, struct detail *detail, struct safe_text label, int64_t at)
{
	struct times times = app_times(app);
	void *life = mem_life(NULL);

	detail_pair(detail, label, times_long(&times, life, at), ROLE_TEXT);
	mem_free(life);
}

static void
add_flag(const struct state *state, struct detail *detail, enum role role,
	const char *sentence)
{
	void *life = mem_life(NULL);

	detail_text(detail,
		text_safe_format(
			life, "%s %s", theme_symbol(state->theme, role).text, sentence),
		role, 2);
	mem_free(life);
}

static void
add_flags(
	const struct state *state, struct detail *detail, const struct device_row *device)
{
	bool low = device->life < BATTERY_LOW, off = !(device->flags & ROW_ENABLED);

	if (!low && !off && device->placement)
		return;
	detail_blank(detail);
	detail_heading(detail, SAFE("Why flagged"));
	if (low)
		add_flag(state, detail, ROLE_BATTERY_LOW, "battery is below 20%");
	if (off)
		add_flag(state, detail, ROLE_DISABLED,
			"disabled: presses are noted, nothing follows");
	if (!device->placement)
		add_flag(state, detail, ROLE_UNPLACED, "in no placement; m places it");
}

void
describe_device_row(struct app *app, struct detail *detail, uint32_t row)
{
	const struct device_row *device = &app->state->devices.row[row];
	const struct words *words = app->state->words;
	const struct product *product = product_of(words_text(words, device->id));
	void *life = mem_life(NULL);
	struct safe_text battery;
	enum role role;

	detail_heading(detail, words_safe(words, device->id));
	add_pair(detail, "Product", product ? product->name : "an own product");
	add_pair(detail, "State", states_enabled(app->state, device, &role).text);
	add_pair(detail, "Project",
		device->project ? words_text(words, device->project) : "-");
	add_pair(detail, "Placement",
		device->placement ? words_text(words, device->placement)
				  : states_unplaced(app->state, life).text);
	add_pair(detail, "Template",
		device->template_name ? words_text(words, device->template_name) : "-");
	battery = states_battery(app->state, life, device->life, &role);
	detail_pair(detail, SAFE("Battery"), battery, role);
	add_time(app, detail, SAFE("Last seen"), device->seen);
	add_flags(app->state, detail, device);
	mem_free(life);
}

void
describe_events_of(struct app *app, struct detail *detail, uint32_t device)
{
	const struct state *state = app->state;
	struct times times = app_times(app);
	void *life = mem_life(NULL);
	size_t shown = 0;

	for (size_t i = state->events.shelf.count; i-- > 0 && shown < 10;) {
		const struct event_row *event = events_at(state, i);

		if (event->device != device)
			continue;
		if (!shown++)
			detail_heading(detail, SAFE("Events while this console runs"));
		detail_text(detail,
			text_safe_format(life, "%s  %-13s %3d%%",
				times_of_day(&times, life, event->at).text,
				event_row_name(event), (int)event->life),
			ROLE_TEXT, 2);
	}
	mem_free(life);
}

static void
add_map(struct detail *detail, struct safe_text heading, const struct value *map)
{
	void *life = mem_life(NULL);

	detail_blank(detail);
	detail_heading(detail, heading);
	if (!map || map->kind != VALUE_MAP || !map->count)
		detail_text(detail, SAFE("none"), ROLE_DIM, 2);
	for (size_t i = 0; map && map->kind == VALUE_MAP && i < map->count; i++)
		detail_text(detail,
			text_safe_format(life, "%s = %s", map->key[i],
				map->item[i].kind == VALUE_TEXT ? map->item[i].text : ""),
			ROLE_TEXT, 2);
	mem_free(life);
}

static void
add_template(struct detail *detail, const char *name, const struct value *template)
{
	const char *callback =
		value_text(value_get(template, "callbackOverrides"), CALLBACK_ON_CLICK);
	const char *type = value_text(template, "deviceType");
	bool long_words = action_of_callback(callback) == ACTION_CUSTOM;
	void *life = mem_life(NULL);

	detail_text(detail,
		text_safe_format(life, "%s (%s):%s%s", name, type ? type : "any type",
			long_words ? "" : " ", long_words ? "" : action_words(callback)),
		ROLE_TEXT, 2);
	if (long_words)
		detail_text(
			detail, text_safe_z(life, action_words(callback)), ROLE_DIM, 4);
	mem_free(life);
}

void
describe_project(struct app *app, struct detail *detail, const char *project)
{
	const struct fact *fact = facts_want(app, OP_DESCRIBE_PROJECT, project, "");
	const struct value *tree = value_get(fact->tree, "project");
	const struct value *template = value_get(tree, "placementTemplate");
	const struct value *templates = value_get(template, "deviceTemplates");
	void *life = mem_life(NULL);

	detail_heading(detail, text_safe_z(life, project));
	mem_free(life);
	if (describe_absence(detail, fact))
		return;
	add_pair(detail, "Description", value_text(tree, "description"));
	add_time(app, detail, SAFE("Created"),
		value_moment(tree, "createdDate"));
	add_time(app, detail, SAFE("Updated"),
		value_moment(tree, "updatedDate"));
	detail_blank(detail);
	detail_heading(detail, SAFE("Device templates (their names are fixed)"));
	for (size_t i = 0;
		templates && templates->kind == VALUE_MAP && i < templates->count; i++)
		add_template(detail, templates->key[i], &templates->item[i]);
	if (!templates || !templates->count)
		detail_text(detail, SAFE("none"), ROLE_DIM, 2);
	add_map(detail, SAFE("Default attributes"),
		value_get(template, "defaultAttributes"));
	if (value_get(tree, "tags") && value_get(tree, "tags")->count)
		add_map(detail, SAFE("Tags"), value_get(tree, "tags"));
}

static const struct value *
project_template(struct app *app, const char *project)
{
	const struct fact *fact = facts_want(app, OP_DESCRIBE_PROJECT, project, "");

	return value_get(value_get(fact->tree, "project"), "placementTemplate");
}

static void
add_attributes(
	struct detail *detail, const struct value *own, const struct value *defaults)
{
	void *life = mem_life(NULL);
	size_t count = 0;

	detail_blank(detail);
	detail_heading(detail, SAFE("Attributes"));
	for (size_t i = 0; own && own->kind == VALUE_MAP && i < own->count; i++, count++)
		detail_text(detail,
			text_safe_format(life, "%s = %s", own->key[i],
				value_text(own, own->key[i])
					? value_text(own, own->key[i])
					: ""),
			ROLE_TEXT, 2);
	for (size_t i = 0; defaults && defaults->kind == VALUE_MAP && i < defaults->count;
		i++)
		if (!value_get(own, defaults->key[i]) && ++count)
			detail_text(detail,
				text_safe_format(life, "%s = %s (project)",
					defaults->key[i],
					value_text(defaults, defaults->key[i])),
				ROLE_DIM, 2);
	if (!count)
		detail_text(detail, SAFE("none"), ROLE_DIM, 2);
	mem_free(life);
}

static void
add_slot(struct app *app, struct detail *detail, const char *slot, const char *id)
{
	uint32_t row = id ? devices_find(app->state, id) : NO_ROW;
	enum role role = ROLE_TEXT;
	void *life = mem_life(NULL);

	if (row == NO_ROW)
		detail_text(detail,
			text_safe_format(life, "%s: %s", slot, id ? id : "(none)"),
			ROLE_TEXT, 2);
	else
		detail_text(detail,
			text_safe_format(life, "%s: %s %s", slot, id,
				states_battery(app->state, life,
					app->state->devices.row[row].life, &role)
					.text),
			role, 2);
	mem_free(life);
}

void
describe_placement(struct app *app, struct detail *detail, const char *project,
	const char *placement)
{
	const struct value *template = project_template(app, project);
	const struct value *slots = value_get(template, "deviceTemplates");
	const struct fact *fact =
		facts_want(app, OP_DESCRIBE_PLACEMENT, project, placement);
	const struct fact *in =
		facts_want(app, OP_GET_DEVICES_IN_PLACEMENT, project, placement);
	const struct value *tree = value_get(fact->tree, "placement");
	const struct value *devices = value_get(in->tree, "devices");
	void *life = mem_life(NULL);

	detail_heading(detail, text_safe_format(life, "%s (%s)", placement, project));
	mem_free(life);
	if (describe_absence(detail, fact))
		return;
	add_time(app, detail, SAFE("Created"),
		value_moment(tree, "createdDate"));
	add_time(app, detail, SAFE("Updated"),
		value_moment(tree, "updatedDate"));
	detail_blank(detail);
	detail_heading(detail, SAFE("Devices"));
	for (size_t i = 0; slots && slots->kind == VALUE_MAP && i < slots->count; i++)
		add_slot(app, detail, slots->key[i], value_text(devices, slots->key[i]));
	if (!slots || !slots->count)
		detail_text(
			detail, SAFE("the project has no device templates"), ROLE_DIM, 2);
	add_attributes(detail, value_get(tree, "attributes"),
		value_get(template, "defaultAttributes"));
}
