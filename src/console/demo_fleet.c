#include "demo_fleet.h"

#include <stdio.h>
#include <string.h>

#include "oneclick/base/mem.h"

enum { LOW = 8, DISABLED = 4, UNPLACED = 5 };

/* splitmix64: any seed will do, 0 too. */
static uint64_t
next(struct demo_fleet *fleet)
{
	uint64_t z = fleet->random += 0x9E3779B97F4A7C15;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
	return z ^ (z >> 31);
}

uint64_t
demo_fleet_random(struct demo_fleet *fleet, uint64_t n)
{
	return next(fleet) % n;
}

static void
draw_button(struct demo_fleet *fleet, int i)
{
	static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ";
	struct demo_button *button = &fleet->button[i];
	int number = 45700000 + i * 613 + (int)demo_fleet_random(fleet, 600);

	snprintf(button->id, sizeof(button->id), "G030PM0%08d%c", number,
		letters[demo_fleet_random(fleet, sizeof(letters) - 1)]);
	button->room = i / 2;
	button->unsatisfied = i % 2;
	button->enabled = true;
	button->life = 40 + (double)demo_fleet_random(fleet, 1200) * 0.05;
}

void
demo_fleet_draw(struct demo_fleet *fleet, uint64_t seed)
{
	*fleet = (struct demo_fleet){ .random = seed };
	for (int i = 0; i < DEMO_BUTTONS; i++)
		draw_button(fleet, i);
	for (int i = 0; i < LOW; i++)
		fleet->button[demo_fleet_random(fleet, DEMO_BUTTONS)].life =
			4 + (double)demo_fleet_random(fleet, 300) * 0.05;
	for (int i = 0; i < DISABLED; i++)
		fleet->button[demo_fleet_random(fleet, DEMO_BUTTONS)].enabled = false;
	for (int i = 0; i < UNPLACED; i++)
		fleet->button[demo_fleet_random(fleet, DEMO_BUTTONS)].room = -1;
}

/* ---- the calls ------------------------------------------------------------------------
 */

static const struct placement_template *
make_template(const void *ctx)
{
	static const char *const names[] = { "Satisfied", "Unsatisfied" };
	struct placement_template *all = mem_new(ctx, struct placement_template);

	all->defaults = pairs_new(all);
	pairs_set(all->defaults, "email", "facilities@example.com");
	pairs_set(all->defaults, "subject", "Meeting Room Feedback");
	pairs_set(all->defaults, "body",
		"Either positive or negative meeting room feedback has been provided");
	pairs_set(all->defaults, "Building", "Headquarters");
	pairs_set(all->defaults, "Room", "TBD");
	all->count = 2;
	all->templates = mem_array(all, struct device_template, all->count);
	for (size_t i = 0; i < all->count; i++) {
		all->templates[i].name = names[i];
		all->templates[i].type = "button";
		all->templates[i].callbacks = pairs_new(all);
		pairs_set(all->templates[i].callbacks, CALLBACK_ON_CLICK,
			"arn:aws:lambda:us-west-2:000000000000:function:"
			"iot1click_onclick_email");
	}
	return all;
}

static void
fill_project(const void *ctx, struct demo_step *step)
{
	step->op = OP_CREATE_PROJECT;
	step->ask.project_name = DEMO_PROJECT;
	step->ask.description =
		"Project used to track customer meeting room satisfaction, "
		"including A/V equipment";
	step->ask.placement_template = make_template(ctx);
}

static const char *
room_number(const void *ctx, int room)
{
	return mem_format(ctx, "%d", 101 + room);
}

static void
fill_room(const void *ctx, int room, struct demo_step *step)
{
	step->op = OP_CREATE_PLACEMENT;
	step->phase = 1;
	step->ask.project_name = DEMO_PROJECT;
	step->ask.placement_name = mem_format(ctx, "room-%d", 101 + room);
	step->ask.attributes = pairs_new(ctx);
	pairs_set(step->ask.attributes, "Room", room_number(ctx, room));
}

static void
fill_place(const void *ctx, const struct demo_button *button, struct demo_step *step)
{
	step->op = OP_ASSOCIATE_DEVICE_WITH_PLACEMENT;
	step->phase = 2;
	step->ask.project_name = DEMO_PROJECT;
	step->ask.placement_name = mem_format(ctx, "room-%d", 101 + button->room);
	step->ask.template_name = button->unsatisfied ? "Unsatisfied" : "Satisfied";
	step->ask.device_id = button->id;
}

static void
fill_state(const struct demo_button *button, struct demo_step *step)
{
	step->op = OP_UPDATE_DEVICE_STATE;
	step->phase = 1;
	step->ask.device_id = button->id;
	step->ask.enabled = 1;
}

/* The i-th button with a property, taken off i; NULL when there are fewer. */
static const struct demo_button *
pick(const struct demo_fleet *fleet, bool (*is)(const struct demo_button *), size_t *i)
{
	for (size_t b = 0; b < DEMO_BUTTONS; b++) {
		if (!is(&fleet->button[b]))
			continue;
		if (*i == 0)
			return &fleet->button[b];
		(*i)--;
	}
	return NULL;
}

static bool
is_enabled(const struct demo_button *button)
{
	return button->enabled;
}

static bool
is_placed(const struct demo_button *button)
{
	return button->room >= 0;
}

static bool
is_any(const struct demo_button *button)
{
	(void)button;
	return true;
}

bool
demo_fleet_step(
	const struct demo_fleet *fleet, const void *ctx, size_t i, struct demo_step *out)
{
	*out = (struct demo_step){ .op = OP_NONE };
	ask_init(&out->ask);
	if (i == 0) {
		out->op = OP_CLAIM_DEVICES_BY_CLAIM_CODE;
		out->ask.claim_code = DEMO_CLAIM_CODE;
	} else if (i == 1) {
		fill_project(ctx, out);
	} else if (i < 2 + DEMO_ROOMS) {
		fill_room(ctx, (int)i - 2, out);
	} else if (i -= 2 + DEMO_ROOMS, (out->button = pick(fleet, is_enabled, &i))) {
		fill_state(out->button, out);
	} else if ((out->button = pick(fleet, is_placed, &i))) {
		fill_place(ctx, out->button, out);
	} else {
		out->button = pick(fleet, is_any, &i);
		out->phase = 3;
		return out->button != NULL;
	}
	return true;
}

size_t
demo_fleet_steps(const struct demo_fleet *fleet)
{
	size_t steps = 2 + DEMO_ROOMS + DEMO_BUTTONS;

	for (int i = 0; i < DEMO_BUTTONS; i++)
		steps += (size_t)fleet->button[i].enabled + (fleet->button[i].room >= 0);
	return steps;
}
