#include "plan.h"

#include <string.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/mem.h"

struct making {
	struct plan *plan;
	const struct fleet *wanted, *found;
	struct pairs *codes;   /* claim codes already in the plan */
	struct pairs *emptied; /* "PROJECT\nPLACEMENT\nTEMPLATE" taken out by the plan */
	struct pairs *filled;  /* device IDs to the placements they are to stand in */
	size_t created;        /* projects */
};

static struct step *
add(struct making *m, enum op op, int line, const char *subject)
{
	struct plan *plan = m->plan;
	struct step *step;

	if ((plan->count & (plan->count - 1)) == 0)
		plan->step = mem_resize(
			plan, plan->step, struct step, plan->count ? 2 * plan->count : 1);
	step = &plan->step[plan->count++];
	*step = (struct step){ .op = op, .line = line, .subject = subject, .detail = "" };
	ask_init(&step->ask);
	plan->refused += op == OP_NONE;
	return step;
}

static void
refuse(struct making *m, int line, const char *subject, const char *sentence)
{
	add(m, OP_NONE, line, subject)->detail = sentence;
}

static const char *
name_placement(const struct making *m, const char *project, const char *name)
{
	return mem_format(m->plan, "%s/%s", project, name);
}

/* ---- maps -----------------------------------------------------------------------------
 */

/* What must be set so that `now` becomes `want`; with `whole`, "" for what is too much.
 * NULL when nothing must. `words` gets it in words. */
static struct pairs *
find_change(const struct making *m, const struct pairs *want, const struct pairs *now,
	bool whole, struct buf *words)
{
	struct pairs *change = pairs_new(m->plan);

	for (size_t i = 0; want && i < want->count; i++) {
		const char *key = want->row[i].key, *value = want->row[i].value;
		const char *old = now ? pairs_get(now, key) : NULL;

		if (old ? strcmp(old, value) == 0 : *value == '\0')
			continue;
		pairs_set(change, key, value);
		buf_format(words, "%s%s: %s%s%s", words->len ? "; " : "", key, value,
			old ? ", was " : "", old ? old : "");
	}
	for (size_t i = 0; whole && now && i < now->count; i++) {
		const char *key = now->row[i].key;

		if ((want && pairs_get(want, key)) || *now->row[i].value == '\0')
			continue;
		pairs_set(change, key, "");
		buf_format(words, "%s%s goes, was %s", words->len ? "; " : "", key,
			now->row[i].value);
	}
	return change->count ? change : NULL;
}

/* ---- projects -------------------------------------------------------------------------
 */

static bool
same_names(const struct placement_template *a, const struct placement_template *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!placement_template_find(b, a->templates[i].name))
			return false;
	return true;
}

/* The template of an UpdateProject that does it, or NULL when nothing is to be done. */
static const struct placement_template *
find_template_change(const struct making *m, const struct placement_template *want,
	const struct placement_template *now, struct buf *words)
{
	struct placement_template *change = mem_new(m->plan, struct placement_template);

	change->defaults =
		find_change(m, want->defaults, now ? now->defaults : NULL, true, words);
	change->templates = mem_array(m->plan, struct device_template, want->count + 1);
	for (size_t i = 0; i < want->count; i++) {
		const struct device_template *one = &want->templates[i];
		struct pairs *callbacks = find_change(m, one->callbacks,
			placement_template_find(now, one->name)->callbacks, true, words);

		if (callbacks)
			change->templates[change->count++] = (struct device_template){
				.name = one->name,
				.callbacks = callbacks,
			};
	}
	return change->defaults || change->count ? change : NULL;
}

/* What a device template is for cannot be changed; no type is said to keep it. */
static bool
same_types(const struct placement_template *a, const struct placement_template *b)
{
	for (size_t i = 0; i < a->count; i++) {
		const char *mine = a->templates[i].type;
		const char *other =
			placement_template_find(b, a->templates[i].name)->type;

		if (mine && other && strcmp(mine, other) != 0)
			return false;
	}
	return true;
}

static bool
is_other_template(
	const struct placement_template *want, const struct placement_template *now)
{
	return want && now && !(same_names(want, now) && same_types(want, now));
}

static void
update_project(struct making *m, const struct fleet_project *want,
	const struct fleet_project *now)
{
	const struct placement_template *template = NULL;
	bool described;
	struct step *step;
	struct buf words;

	if (is_other_template(want->template, now->template)) {
		refuse(m, want->line, want->name,
			"its device templates were fixed when it was created; another "
			"set of them takes another project.");
		return;
	}
	buf_init(&words, m->plan, BUF_NO_CAP);
	if (want->template && now->template)
		template = find_template_change(m, want->template, now->template, &words);
	described =
		want->description &&
		strcmp(want->description, now->description ? now->description : "") != 0;
	if (described)
		buf_format(&words, "%sdescription: %s", words.len ? "; " : "",
			want->description);
	if (!template && !described)
		return;
	step = add(m, OP_UPDATE_PROJECT, want->line, want->name);
	step->detail = words.data;
	step->ask.project_name = want->name;
	step->ask.description = described ? want->description : NULL;
	step->ask.placement_template = template;
}

static void
make_project(struct making *m, const struct fleet_project *want)
{
	const struct fleet_project *now = fleet_find_project(m->found, want->name);
	struct step *step;

	if (now) {
		update_project(m, want, now);
		return;
	}
	if (m->found->account_projects + ++m->created > PROJECTS_MAX) {
		refuse(m, want->line, want->name,
			mem_format(m->plan,
				"there are %zu projects already, and %d are the most an "
				"account has.",
				m->found->account_projects, PROJECTS_MAX));
		return;
	}
	step = add(m, OP_CREATE_PROJECT, want->line, want->name);
	step->ask.project_name = want->name;
	step->ask.description = want->description;
	step->ask.placement_template = want->template;
}

/* ---- slots ----------------------------------------------------------------------------
 */

static void
empty_slot(struct making *m, int line, const char *project, const char *placement,
	const char *template, const char *id)
{
	const char *key = mem_format(m->plan, "%s\n%s\n%s", project, placement, template);
	struct step *step;

	if (pairs_get(m->emptied, key))
		return;
	pairs_set(m->emptied, key, "");
	step = add(m, OP_DISASSOCIATE_DEVICE_FROM_PLACEMENT, line,
		name_placement(m, project, placement));
	step->detail = mem_format(m->plan, "%s leaves %s", id, template);
	step->ask.project_name = project;
	step->ask.placement_name = placement;
	step->ask.template_name = template;
	step->takes_away = true;
	m->plan->taking_away++;
}

static bool
stands_there(const struct fleet_placement *want, const char *template,
	const struct fleet_device *device)
{
	return device && device->project && !strcmp(device->project, want->project) &&
	       !strcmp(device->placement, want->name) &&
	       !strcmp(device->template_name, template);
}

/* Out of the slots what is to stand elsewhere, or not at all. */
static void
empty_slots(struct making *m, const struct fleet_placement *want)
{
	const struct fleet_placement *now =
		fleet_find_placement(m->found, want->project, want->name);

	for (size_t i = 0; now && i < now->devices->count; i++) {
		const char *template = now->devices->row[i].key;
		const char *id = now->devices->row[i].value;
		const char *wanted = pairs_get(want->devices, template);

		if (wanted ? strcmp(wanted, id) != 0 : want->is_whole)
			empty_slot(
				m, want->line, want->project, want->name, template, id);
	}
	for (size_t i = 0; i < want->devices->count; i++) {
		const char *id = want->devices->row[i].value;
		const struct fleet_device *device = fleet_find_device(m->found, id);

		if (device && device->project &&
			!stands_there(want, want->devices->row[i].key, device))
			empty_slot(m, want->line, device->project, device->placement,
				device->template_name, id);
	}
}

/* The templates a project will have; NULL when it has none, or is not there. */
static const struct placement_template *
find_templates(const struct making *m, const char *project)
{
	const struct fleet_project *now = fleet_find_project(m->found, project);
	const struct fleet_project *want = fleet_find_project(m->wanted, project);

	return now ? now->template : want ? want->template : NULL;
}

/* Why the slot cannot be filled, or NULL. */
static const char *
find_hindrance(const struct making *m, const struct fleet_placement *want,
	const char *template, const char *id)
{
	const struct placement_template *templates = find_templates(m, want->project);
	const char *other = pairs_get(m->filled, id);

	if (!fleet_find_project(m->found, want->project) &&
		!fleet_find_project(m->wanted, want->project))
		return NULL; /* said of the placement already */
	if (!templates || !placement_template_find(templates, template))
		return mem_format(m->plan, "project %s has no device template %s for %s.",
			want->project, template, id);
	if (other)
		return mem_format(m->plan,
			"%s is to be in %s as well; a device stands in one place.", id,
			other);
	return NULL;
}

/* Before anything is taken out of where it stands. */
static void
check_slots(struct making *m, const struct fleet_placement *want)
{
	const char *subject = name_placement(m, want->project, want->name);

	for (size_t i = 0; i < want->devices->count; i++) {
		const char *template = want->devices->row[i].key;
		const char *id = want->devices->row[i].value;
		const char *hindrance = find_hindrance(m, want, template, id);

		if (hindrance)
			refuse(m, want->line, subject, hindrance);
		pairs_set(m->filled, id, subject);
	}
}

static void
fill_slots(struct making *m, const struct fleet_placement *want)
{
	for (size_t i = 0; i < want->devices->count; i++) {
		const char *template = want->devices->row[i].key;
		const char *id = want->devices->row[i].value;
		struct step *step;

		if (stands_there(want, template, fleet_find_device(m->found, id)))
			continue;
		step = add(m, OP_ASSOCIATE_DEVICE_WITH_PLACEMENT, want->line,
			name_placement(m, want->project, want->name));
		step->detail = mem_format(m->plan, "%s becomes %s", id, template);
		step->ask.project_name = want->project;
		step->ask.placement_name = want->name;
		step->ask.template_name = template;
		step->ask.device_id = id;
	}
}

/* ---- placements -----------------------------------------------------------------------
 */

static size_t
count_after(const struct pairs *now, const struct pairs *change)
{
	size_t count = now ? now->count : 0;

	for (size_t i = 0; change && i < change->count; i++) {
		bool is_there = now && pairs_get(now, change->row[i].key);

		if (*change->row[i].value)
			count += !is_there;
		else
			count -= is_there;
	}
	return count;
}

static void
make_placement(struct making *m, const struct fleet_placement *want)
{
	const struct fleet_placement *now =
		fleet_find_placement(m->found, want->project, want->name);
	const char *subject = name_placement(m, want->project, want->name);
	struct pairs *change;
	struct step *step;
	struct buf words;

	if (!fleet_find_project(m->found, want->project) &&
		!fleet_find_project(m->wanted, want->project)) {
		refuse(m, want->line, subject,
			"there is no such project; create it first.");
		return;
	}
	buf_init(&words, m->plan, BUF_NO_CAP);
	change = find_change(m, want->attributes, now ? now->attributes : NULL,
		want->is_whole, &words);
	if (now && !change)
		return;
	if (count_after(now ? now->attributes : NULL, change) > ATTRIBUTES_MAX) {
		refuse(m, want->line, subject,
			mem_format(m->plan, "a placement has at most %d attributes.",
				ATTRIBUTES_MAX));
		return;
	}
	step = add(
		m, now ? OP_UPDATE_PLACEMENT : OP_CREATE_PLACEMENT, want->line, subject);
	step->detail = words.data;
	step->ask.project_name = want->project;
	step->ask.placement_name = want->name;
	step->ask.attributes = change;
}

static void
remove_placement(struct making *m, const struct fleet_placement *now)
{
	struct step *step;

	for (size_t i = 0; i < now->devices->count; i++)
		empty_slot(m, 0, now->project, now->name, now->devices->row[i].key,
			now->devices->row[i].value);
	step = add(m, OP_DELETE_PLACEMENT, 0, name_placement(m, now->project, now->name));
	step->detail = "the file does not name it";
	step->ask.project_name = now->project;
	step->ask.placement_name = now->name;
	step->takes_away = true;
	m->plan->taking_away++;
}

/* ---- devices --------------------------------------------------------------------------
 */

static void
claim(struct making *m, const char *id, const char *code, int line)
{
	struct step *step;

	if (fleet_find_device(m->found, id))
		return;
	if (!code) {
		refuse(m, line, id,
			"it is not claimed here: claim it first, or give its claim "
			"code.");
		return;
	}
	if (pairs_get(m->codes, code))
		return;
	pairs_set(m->codes, code, "");
	step = add(m, OP_CLAIM_DEVICES_BY_CLAIM_CODE, line, id);
	step->detail = mem_format(m->plan, "by the code %s", code);
	step->ask.claim_code = code;
}

static void
claim_all(struct making *m)
{
	for (size_t i = 0; i < m->wanted->devices; i++) {
		const struct fleet_device *want = &m->wanted->device[i];

		claim(m, want->id, want->code, want->line);
	}
	for (size_t i = 0; i < m->wanted->placements; i++) {
		const struct fleet_placement *want = &m->wanted->placement[i];

		for (size_t k = 0; k < want->devices->count; k++)
			if (!fleet_find_device(m->wanted, want->devices->row[k].value))
				claim(m, want->devices->row[k].value, NULL, want->line);
	}
}

static void
enable(struct making *m, const struct fleet_device *want)
{
	const struct fleet_device *now = fleet_find_device(m->found, want->id);
	struct step *step;

	if (want->enabled < 0 || want->enabled == (now ? now->enabled : 0))
		return;
	step = add(m, OP_UPDATE_DEVICE_STATE, want->line, want->id);
	step->detail = want->enabled ? "enabled" : "disabled";
	step->ask.device_id = want->id;
	step->ask.enabled = want->enabled;
}

/* ---- the whole ------------------------------------------------------------------------
 */

static void
prune_placements(struct making *m)
{
	for (size_t i = 0; i < m->found->placements; i++) {
		const struct fleet_placement *now = &m->found->placement[i];

		if (fleet_find_project(m->wanted, now->project) &&
			!fleet_find_placement(m->wanted, now->project, now->name))
			remove_placement(m, now);
	}
}

/* What the service would refuse of a call is known now, not in the middle. */
static void
check_steps(struct making *m)
{
	for (size_t i = 0; i < m->plan->count; i++) {
		struct step *step = &m->plan->step[i];
		struct fault why;

		if (step->op == OP_NONE || !ask_check(step->op, &step->ask, &why))
			continue;
		step->op = OP_NONE;
		step->detail = mem_text(m->plan, why.sentence);
		m->plan->refused++;
	}
}

/* New places first: what fails there leaves every device where it stands. */
struct plan *
plan_make(const void *ctx, const struct fleet *wanted, const struct fleet *found,
	bool prune)
{
	struct plan *plan = mem_new(ctx, struct plan);
	struct making m = {
		.plan = plan,
		.wanted = wanted,
		.found = found,
		.codes = pairs_new(plan),
		.emptied = pairs_new(plan),
		.filled = pairs_new(plan),
	};

	for (size_t i = 0; i < wanted->projects; i++)
		make_project(&m, &wanted->project[i]);
	claim_all(&m);
	for (size_t i = 0; i < wanted->placements; i++)
		check_slots(&m, &wanted->placement[i]);
	for (size_t i = 0; i < wanted->placements; i++)
		make_placement(&m, &wanted->placement[i]);
	for (size_t i = 0; i < wanted->placements; i++)
		empty_slots(&m, &wanted->placement[i]);
	if (prune)
		prune_placements(&m);
	for (size_t i = 0; i < wanted->placements; i++)
		fill_slots(&m, &wanted->placement[i]);
	for (size_t i = 0; i < wanted->devices; i++)
		enable(&m, &wanted->device[i]);
	check_steps(&m);
	return plan;
}
