/*
 * The state: what the console knows of the service, in shelves keyed by ID or name, so
 * that two panes showing one device show one truth.  Shelves are filled from answers page
 * by page; a reload goes over them and drops at its end what the service no longer has,
 * so that nothing blinks.  Panes remember keys, never rows: a row's number is good until
 * the shelf's `shape` changes.
 */
#ifndef ONECLICK_CONSOLE_STATE_H
#define ONECLICK_CONSOLE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "oneclick/base/fault.h"
#include "oneclick/client/pages.h"
#include "oneclick/console/words.h"
#include "oneclick/data/value.h"
#include "oneclick/model/event.h"
#include "oneclick/ui/theme.h"

#define NO_ROW UINT32_MAX
enum { SHELF_TOUCHES = 32, SHELF_ROWS_MAX = 1024 * 1024 };

/* Below this many percent a battery is low and the row says so. */
#define BATTERY_LOW 20.0f

enum shelf_phase {
	SHELF_NEW, /* nothing asked yet */
	SHELF_LOADING,
	SHELF_WHOLE,
	SHELF_FAILED, /* the last load stopped; what is there is older */
};

/* What every shelf has. */
struct shelf {
	enum shelf_phase phase;
	unsigned char generation; /* of the load under way; rows carry theirs */
	bool appended;            /* since shape last changed rows only came at the end */
	bool more;                /* there are more than are kept here */
	unsigned shape;           /* changes when rows come or go */
	size_t count;
	struct pages pages; /* of the list that is being loaded */
	int64_t loaded_at; /* moment of the last whole load, 0 never */
	int64_t begun, ended; /* ticks of the last load */
	struct fault why;  /* of SHELF_FAILED */
	uint32_t
		touched[SHELF_TOUCHES]; /* rows whose values changed since shelf_settle */
	size_t touches;                 /* more than SHELF_TOUCHES: any may have */
};

enum row_flags {
	ROW_ENABLED = 1,
	ROW_MARKED = 2,
	ROW_PENDING = 4, /* a change of it is on its way */
};

struct device_row { /* 32 bytes: a fleet may have 100,000 */
	uint32_t id, project, placement, template_name; /* words; WORD_NONE: not placed */
	float life;                                     /* percent, 0 to 100 */
	unsigned char flags, generation, last_click; /* an event_kind + 1; 0: none yet */
	int64_t seen; /* moment of its last event while we watched; 0: none */
};

struct project_row {
	uint32_t name, description; /* the description is known once it was described */
	unsigned char flags, generation;
	bool described;
	int64_t created, updated;          /* moments */
	uint32_t devices, low, placements; /* counted by state_count */
};

struct placement_row {
	uint32_t project, name;
	unsigned char flags, generation;
	int64_t created, updated;
	uint32_t device,
		devices; /* its first device's row, and how many: by state_count */
	float life;      /* the lowest of them */
};

struct event_row {
	int64_t pos, at, number; /* number: of all that came, from 0 */
	uint32_t device, project, placement, template_name;
	float life;
	unsigned char kind; /* enum event_kind, or EVENT_KINDS: a gap in the stream */
};
enum { EVENTS_KEPT = 10000 };

struct devices {
	struct shelf shelf;
	struct device_row *row;
	size_t room;
	uint32_t *slot; /* hash of IDs: row + 1 */
	size_t slots;
};
struct projects {
	struct shelf shelf;
	struct project_row *row;
	size_t room;
};
struct placements {
	struct shelf shelf;
	struct placement_row *row;
	size_t room;
	uint32_t *slot; /* hash of (project, name): row + 1 */
	size_t slots;
};
struct events {
	struct shelf shelf;    /* count of those kept */
	struct event_row *row; /* a ring of EVENTS_KEPT */
	int64_t taken;         /* all that came */
};

/* Events whose callback did not go well at once. A load is read beside the rows shown and
 * takes their place when it is whole. */
struct delivery_row {
	uint32_t event, device, project, placement, callback, error; /* words */
	uint32_t attempts;
	unsigned char flags;
	bool is_dead;
	int64_t reported, next, last; /* moments; 0: none */
};
enum { DELIVERIES_KEPT = 10000 };
struct deliveries {
	struct shelf shelf;
	struct delivery_row *row, *fresh;
	size_t room, fresh_count, fresh_room;
};

struct state {
	struct words *words;
	const struct theme *theme; /* whose words say states; NULL: the defaults */
	struct devices devices;
	struct projects projects;
	struct placements placements;
	struct events events;
	struct deliveries deliveries;
	char account[13];   /* as the service's ARNs name it; "" not seen yet */
	unsigned counted;   /* the shapes state_count last saw */
	int64_t counted_at; /* ticks */
	bool uncounted;     /* a device moved since */
};

struct state *state_new(const void *ctx);
/* Sums up what rows say of one another: devices of placements and projects. */
void state_count(struct state *state);

/* A load begins, is whole, or stopped. */
void shelf_begin(struct shelf *shelf);
void shelf_stop(struct shelf *shelf, const struct fault *why);
/* True if a load does not come too soon after the last: the longer one takes, the rarer. */
bool shelf_is_due(const struct shelf *shelf);
/* The views have seen all changes. */
void shelf_settle(struct shelf *shelf);

/* ListDevices' answer, and one page's worth of a load: rows come or are brought up to
 * date.  devices_end drops those that no page of the load named. */
void devices_page(struct state *state, const struct value *body);
void devices_end(struct state *state);
/* One description (DescribeDevice's deviceDescription). */
void devices_put(struct state *state, const struct value *description);
void devices_drop(struct state *state, uint32_t row);
uint32_t devices_find(const struct state *state, const char *id);
void devices_touch(struct state *state, uint32_t row);
void devices_flag(struct state *state, uint32_t row, unsigned flag, bool on);
void devices_place(struct state *state, uint32_t row, const char *project,
	const char *placement, const char *template_name);

void projects_page(struct state *state, const struct value *body);
void projects_end(struct state *state);
void projects_put(struct state *state, const struct value *project);
void projects_drop(struct state *state, uint32_t row);
uint32_t projects_find(const struct state *state, const char *name);

/* Pages of one project; placements_end drops what the load did not name, in `project`, or
 * everywhere when it is NULL. */
void placements_page(struct state *state, const struct value *body);
void placements_end(struct state *state, const char *project);
void placements_drop(struct state *state, uint32_t row);
uint32_t placements_find(
	const struct state *state, const char *project, const char *name);

/* One live event: it goes into the ring, and the device it speaks of is brought up to
 * date.  `kind` is the frame's: "click", "state" or "gap". */
const struct event_row *events_take(
	struct state *state, int64_t pos, const char *kind, const struct value *data);
/* ListDeliveries' answer; false when as many are there as are kept. */
bool deliveries_page(struct state *state, const struct value *body);
/* `more`: the service has some that are not kept. */
void deliveries_end(struct state *state, bool more);
/* The i-th of those kept, oldest first. */
const struct event_row *events_at(const struct state *state, size_t i);
void events_clear(struct state *state);
const char *event_row_name(const struct event_row *event);

#endif
