#include "fleet.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "oneclick/base/mem.h"

/* Names are looked up far more often than there are fleets: one table of all three kinds,
 * "KIND NUL NAME" to index. */
struct entry {
	char *key;
	size_t at;
	UT_hash_handle hh;
};

struct kept {
	struct fleet fleet; /* first, so that it is the fleet */
	struct entry *entries;
};

static int
forget(struct kept *kept)
{
	struct entry *entry, *next;

	HASH_ITER (hh, kept->entries, entry, next) {
		HASH_DEL(kept->entries, entry);
		mem_free(entry->key);
		mem_free(entry);
	}
	return 0;
}

struct fleet *
fleet_new(const void *ctx)
{
	struct kept *kept = mem_new(ctx, struct kept);

	talloc_set_destructor(kept, forget);
	return &kept->fleet;
}

static struct kept *
kept_of(const struct fleet *fleet)
{
	return (struct kept *)fleet;
}

/* Names hold no newline: the contract's letters see to that, and a file's are checked by
 * the service. */
static char *
make_key(const struct fleet *fleet, char kind, const char *first, const char *second)
{
	return mem_format(fleet, "%c%s\n%s", kind, first, second ? second : "");
}

/* The index of the name, or `otherwise`; it is noted then if `add`. */
static size_t
look_up(const struct fleet *fleet, char *key, size_t otherwise, bool add)
{
	struct kept *kept = kept_of(fleet);
	struct entry *entry;

	HASH_FIND_STR(kept->entries, key, entry);
	if (entry || !add) {
		mem_free(key);
		return entry ? entry->at : otherwise;
	}
	entry = mem_new(kept, struct entry);
	entry->key = key;
	entry->at = otherwise;
	HASH_ADD_KEYPTR(hh, kept->entries, entry->key, strlen(entry->key), entry);
	return otherwise;
}

static bool
is_full(size_t count)
{
	return (count & (count - 1)) == 0;
}

#define GROW(fleet, member, count, type) \
	do { \
		if (is_full(count)) \
			(member) = mem_resize( \
				fleet, member, type, (count) ? 2 * (count) : 1); \
	} while (0)

struct fleet_project *
fleet_project(struct fleet *fleet, const char *name)
{
	size_t at =
		look_up(fleet, make_key(fleet, 'p', name, NULL), fleet->projects, true);

	if (at == fleet->projects) {
		GROW(fleet, fleet->project, fleet->projects, struct fleet_project);
		fleet->project[fleet->projects++] =
			(struct fleet_project){ .name = mem_text(fleet, name) };
	}
	return &fleet->project[at];
}

struct fleet_placement *
fleet_placement(struct fleet *fleet, const char *project, const char *name)
{
	size_t at = look_up(
		fleet, make_key(fleet, 'l', project, name), fleet->placements, true);

	if (at == fleet->placements) {
		GROW(fleet, fleet->placement, fleet->placements, struct fleet_placement);
		fleet->placement[fleet->placements++] = (struct fleet_placement){
			.project = mem_text(fleet, project),
			.name = mem_text(fleet, name),
			.attributes = pairs_new(fleet),
			.devices = pairs_new(fleet),
		};
	}
	return &fleet->placement[at];
}

struct fleet_device *
fleet_device(struct fleet *fleet, const char *id)
{
	size_t at = look_up(fleet, make_key(fleet, 'd', id, NULL), fleet->devices, true);

	if (at == fleet->devices) {
		GROW(fleet, fleet->device, fleet->devices, struct fleet_device);
		fleet->device[fleet->devices++] = (struct fleet_device){
			.id = mem_text(fleet, id),
			.enabled = -1,
		};
	}
	return &fleet->device[at];
}

const struct fleet_project *
fleet_find_project(const struct fleet *fleet, const char *name)
{
	size_t at =
		look_up(fleet, make_key(fleet, 'p', name, NULL), fleet->projects, false);

	return at < fleet->projects ? &fleet->project[at] : NULL;
}

const struct fleet_placement *
fleet_find_placement(const struct fleet *fleet, const char *project, const char *name)
{
	size_t at = look_up(
		fleet, make_key(fleet, 'l', project, name), fleet->placements, false);

	return at < fleet->placements ? &fleet->placement[at] : NULL;
}

const struct fleet_device *
fleet_find_device(const struct fleet *fleet, const char *id)
{
	size_t at = look_up(fleet, make_key(fleet, 'd', id, NULL), fleet->devices, false);

	return at < fleet->devices ? &fleet->device[at] : NULL;
}

/* ---- order ---------------------------------------------------------------------------- */

static int
compare_projects(const void *a, const void *b)
{
	const struct fleet_project *one = a, *other = b;

	return strcmp(one->name, other->name);
}

static int
compare_placements(const void *a, const void *b)
{
	const struct fleet_placement *one = a, *other = b;
	int order = strcmp(one->project, other->project);

	return order ? order : strcmp(one->name, other->name);
}

static int
compare_devices(const void *a, const void *b)
{
	const struct fleet_device *one = a, *other = b;

	return strcmp(one->id, other->id);
}

static void
sort(void *rows, size_t count, size_t size, int (*compare)(const void *, const void *))
{
	if (count > 1)
		qsort(rows, count, size, compare);
}

void
fleet_sort(struct fleet *fleet)
{
	sort(fleet->project, fleet->projects, sizeof *fleet->project, compare_projects);
	sort(fleet->placement, fleet->placements, sizeof *fleet->placement,
		compare_placements);
	sort(fleet->device, fleet->devices, sizeof *fleet->device, compare_devices);
	forget(kept_of(fleet));
	for (size_t i = 0; i < fleet->projects; i++)
		look_up(fleet, make_key(fleet, 'p', fleet->project[i].name, NULL), i, true);
	for (size_t i = 0; i < fleet->placements; i++)
		look_up(fleet,
			make_key(fleet, 'l', fleet->placement[i].project,
				fleet->placement[i].name),
			i, true);
	for (size_t i = 0; i < fleet->devices; i++)
		look_up(fleet, make_key(fleet, 'd', fleet->device[i].id, NULL), i, true);
}
