/* CSV of a fleet: a row a device in its slot, or a placement without one. */
#include <string.h>
#include <strings.h>

#include "fleet.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/base/utf8.h"
#include "oneclick/data/csv.h"
#include "oneclick/data/json.h"
#include "oneclick/data/record.h"

#define ATTRIBUTE "attr:"

enum column {
	COLUMN_PROJECT,
	COLUMN_PLACEMENT,
	COLUMN_TEMPLATE,
	COLUMN_DEVICE,
	COLUMN_CODE,
	COLUMN_ENABLED,
	COLUMNS
};

static const char *const headings[COLUMNS] = {
	[COLUMN_PROJECT] = "project",
	[COLUMN_PLACEMENT] = "placement",
	[COLUMN_TEMPLATE] = "template",
	[COLUMN_DEVICE] = "deviceId",
	[COLUMN_CODE] = "claimCode",
	[COLUMN_ENABLED] = "enabled",
};

enum { NONE = -1, NOT_THERE = 256 };

struct reading {
	const char *path;
	struct fleet *fleet;
	struct csv csv;
	const char *const *heading; /* all columns, as they stand */
	size_t count;
	size_t at[COLUMNS]; /* where each stands; NOT_THERE */
	struct fault *why;
};

static enum err
refuse(const struct reading *r, const char *what, const char *value)
{
	return fault(r->why, ERR_INVALID, "%.100s:%d: %s%.100s.", r->path, r->csv.line,
		what, value);
}

/* ---- the first row --------------------------------------------------------------------
 */

static enum err
refuse_heading(const struct reading *r, const char *heading)
{
	const char *near = nearest_word(heading, headings, COLUMNS);

	return fault(r->why, ERR_INVALID,
		"%.100s:%d: There is no column \"%.60s\"%s%s; there are project, "
		"placement, template, deviceId, claimCode, enabled and attr:NAME.",
		r->path, r->csv.line, heading, near ? "; did you mean " : "",
		near ? near : "");
}

static enum err
take_heading(struct reading *r, size_t i)
{
	const char *heading = r->heading[i];

	if (!strncmp(heading, ATTRIBUTE, strlen(ATTRIBUTE)) &&
		heading[strlen(ATTRIBUTE)] != '\0')
		return ERR_NONE;
	for (size_t k = 0; k < COLUMNS; k++) {
		if (strcasecmp(heading, headings[k]) != 0)
			continue;
		if (r->at[k] != NOT_THERE)
			return refuse(r, "a column stands twice: ", heading);
		r->at[k] = i;
		return ERR_NONE;
	}
	return refuse_heading(r, heading);
}

static enum err
read_headings(struct reading *r)
{
	enum err err = csv_next(&r->csv, r->fleet, &r->heading, &r->count, r->why);

	if (err)
		return fault_at(r->why, err, "%.100s", r->path);
	if (!r->heading)
		return fault(r->why, ERR_INVALID,
			"%.100s is empty; its first row names the columns.", r->path);
	for (size_t k = 0; k < COLUMNS; k++)
		r->at[k] = NOT_THERE;
	for (size_t i = 0; !err && i < r->count; i++)
		err = take_heading(r, i);
	return err;
}

/* ---- cells ----------------------------------------------------------------------------
 */

static bool
is_seen(const char *text)
{
	size_t n = strlen(text), used;

	for (size_t i = 0; i < n; i += used) {
		int32_t point = utf8_next(text + i, n - i, &used);

		if (text_point_is_hidden(point) || (point >= 0x7f && point < 0xa0) ||
			(point < 0x20 && !strchr("\t\r\n", (char)point)))
			return false;
	}
	return true;
}

/* Whether the cell is the text of a JSON string, with an escape in it. */
static bool
is_escaped(const char *cell)
{
	size_t n = strlen(cell);

	return n > 3 && cell[0] == '"' && cell[n - 1] == '"' && strstr(cell, "\\u");
}

/* A text with what would not be seen is written as JSON would have it, "a\u202eb" in its
 * quotes, and so is one that would be taken for such a cell. */
static const char *
write_cell(const void *ctx, const char *text)
{
	struct buf out;
	struct json j = json_seen_to(&out);

	if (is_seen(text) && !is_escaped(text))
		return text;
	buf_init(&out, ctx, BUF_NO_CAP);
	json_text(&j, text);
	return out.data;
}

static const char *
read_cell(const struct fleet *fleet, const char *cell)
{
	const struct value *value;

	cell = csv_plain(cell);
	if (is_escaped(cell) && !json_parse(fleet, cell, strlen(cell), &value, NULL) &&
		value->kind == VALUE_TEXT)
		return value->text;
	return cell;
}

/* ---- each further row -----------------------------------------------------------------
 */

/* NULL when the column is not there or the cell is empty. */
static const char *
cell(const struct reading *r, const char *const *field, enum column column)
{
	const char *text =
		r->at[column] == NOT_THERE ? "" : csv_plain(field[r->at[column]]);

	return *text ? text : NULL;
}

static enum err
read_enabled(const struct reading *r, const char *word, int *out)
{
	static const char *const yes[] = { "true", "yes", "1", "enabled" },
				 *const no[] = { "false", "no", "0", "disabled" };

	*out = NONE;
	if (!word)
		return ERR_NONE;
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		if (!strcasecmp(word, yes[i]))
			*out = 1;
		else if (!strcasecmp(word, no[i]))
			*out = 0;
	return *out == NONE ? refuse(r, "enabled takes true or false, not ", word)
			    : ERR_NONE;
}

static enum err
take_attributes(const struct reading *r, const char *const *field,
	struct fleet_placement *placement)
{
	for (size_t i = 0; i < r->count; i++) {
		const char *name, *value, *other;

		if (strncmp(r->heading[i], ATTRIBUTE, strlen(ATTRIBUTE)) != 0 ||
			!*field[i])
			continue;
		name = read_cell(r->fleet, r->heading[i] + strlen(ATTRIBUTE));
		value = read_cell(r->fleet, field[i]);
		other = pairs_get(placement->attributes, name);
		if (other && strcmp(other, value) != 0)
			return refuse(r,
				"an earlier row gives this placement another value of ",
				name);
		pairs_set(placement->attributes, name, value);
	}
	return ERR_NONE;
}

static enum err
take_slot(const struct reading *r, struct fleet_placement *placement,
	const char *template, const char *id)
{
	if (template && !id)
		return refuse(r, "there is no deviceId for the template ", template);
	if (!template)
		return id ? refuse(r, "there is no template for the device ", id)
			  : ERR_NONE;
	if (pairs_get(placement->devices, template))
		return refuse(
			r, "an earlier row fills this slot of the placement: ", template);
	pairs_set(placement->devices, template, id);
	return ERR_NONE;
}

static enum err
take_placement(const struct reading *r, const char *const *field)
{
	const char *project = cell(r, field, COLUMN_PROJECT);
	const char *name = cell(r, field, COLUMN_PLACEMENT);
	struct fleet_placement *placement;
	enum err err;

	if (!project && !name)
		return ERR_NONE;
	if (!project || !name)
		return refuse(r, "project and placement stand together; missing: ",
			project ? "placement" : "project");
	placement = fleet_placement(r->fleet, project, name);
	if (!placement->line)
		placement->line = r->csv.line;
	err = take_attributes(r, field, placement);
	return err ? err
		   : take_slot(r, placement, cell(r, field, COLUMN_TEMPLATE),
			     cell(r, field, COLUMN_DEVICE));
}

static enum err
take_device(const struct reading *r, const char *const *field)
{
	const char *id = cell(r, field, COLUMN_DEVICE);
	struct fleet_device *device;

	if (!id)
		return ERR_NONE;
	device = fleet_device(r->fleet, id);
	if (device->line)
		return refuse(r, "an earlier row names the device ", id);
	device->line = r->csv.line;
	device->code = cell(r, field, COLUMN_CODE);
	return read_enabled(r, cell(r, field, COLUMN_ENABLED), &device->enabled);
}

static enum err
read_row(const struct reading *r, const char *const *field, size_t count)
{
	enum err err;

	if (count != r->count)
		return fault(r->why, ERR_INVALID,
			"%.100s:%d: This row has %zu fields, the first one %zu.", r->path,
			r->csv.line, count, r->count);
	err = take_placement(r, field);
	return err ? err : take_device(r, field);
}

static enum err
read_rows(struct reading *r)
{
	enum err err = read_headings(r);
	const char *const *field = r->heading;
	size_t count;

	while (!err && field) {
		err = csv_next(&r->csv, r->fleet, &field, &count, r->why);
		if (err)
			return fault_at(r->why, err, "%.100s", r->path);
		if (field)
			err = read_row(r, field, count);
	}
	return err;
}

enum err
fleet_read_rows(const void *ctx, const char *path, const struct buf *text,
	struct fleet **out, struct fault *why)
{
	struct fleet *fleet = fleet_new(ctx);
	struct reading r = { .path = path, .fleet = fleet, .why = why };
	enum err err;

	r.csv = csv_over(text->data, text->len);
	err = read_rows(&r);
	if (err)
		mem_free(fleet);
	else
		*out = fleet;
	return err;
}

/* ---- writing --------------------------------------------------------------------------
 */

/* Every attribute any placement has, in the order met. */
static struct pairs *
find_attributes(const void *ctx, const struct fleet *fleet)
{
	struct pairs *names = pairs_new(ctx);

	for (size_t i = 0; i < fleet->placements; i++) {
		const struct pairs *one = fleet->placement[i].attributes;

		for (size_t k = 0; k < one->count; k++)
			pairs_set(names, one->row[k].key, "");
	}
	return names;
}

static void
write_headings(struct buf *out, const struct pairs *names)
{
	for (size_t k = 0; k < COLUMNS; k++)
		buf_format(out, "%s%s", k ? "," : "", headings[k]);
	for (size_t i = 0; i < names->count; i++) {
		buf_char(out, ',');
		csv_write(out, mem_format(names, ATTRIBUTE "%s",
				       write_cell(names, names->row[i].key)));
	}
	buf_text(out, "\r\n");
}

static void
write_row(struct buf *out, const struct pairs *names,
	const struct fleet_placement *placement, const char *template,
	const struct fleet_device *device)
{
	const char *const cells[COLUMNS] = {
		[COLUMN_PROJECT] = placement ? placement->project : "",
		[COLUMN_PLACEMENT] = placement ? placement->name : "",
		[COLUMN_TEMPLATE] = template ? template : "",
		[COLUMN_DEVICE] = device ? device->id : "",
		[COLUMN_CODE] = "",
		[COLUMN_ENABLED] = !device                ? ""
				   : device->enabled == 1 ? "true"
							  : "false",
	};

	for (size_t k = 0; k < COLUMNS; k++) {
		if (k)
			buf_char(out, ',');
		csv_write(out, cells[k]);
	}
	for (size_t i = 0; i < names->count; i++) {
		const char *value =
			placement ? pairs_get(placement->attributes, names->row[i].key)
				  : NULL;

		buf_char(out, ',');
		csv_write(out, value ? write_cell(names, value) : "");
	}
	buf_text(out, "\r\n");
}

void
fleet_write_rows(struct buf *out, const struct fleet *fleet)
{
	void *life = mem_life(NULL);
	const struct pairs *names = find_attributes(life, fleet);

	write_headings(out, names);
	for (size_t i = 0; i < fleet->placements; i++) {
		const struct fleet_placement *one = &fleet->placement[i];

		for (size_t k = 0; k < one->devices->count; k++)
			write_row(out, names, one, one->devices->row[k].key,
				fleet_find_device(fleet, one->devices->row[k].value));
		if (one->devices->count == 0)
			write_row(out, names, one, NULL, NULL);
	}
	for (size_t i = 0; i < fleet->devices; i++)
		if (!fleet->device[i].placement)
			write_row(out, names, NULL, NULL, &fleet->device[i]);
	mem_free(life);
}
