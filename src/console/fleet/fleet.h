/*
 * A fleet as a file or the service tells it: projects with their templates, placements
 * with attributes and devices, devices and whether they are enabled.  A file says what
 * is wanted, a survey what there is; the plan is the difference.
 */
#ifndef ONECLICK_SRC_CONSOLE_FLEET_FLEET_H
#define ONECLICK_SRC_CONSOLE_FLEET_FLEET_H

#include <stdbool.h>
#include <stddef.h>

#include "oneclick/base/buf.h"
#include "oneclick/base/fault.h"
#include "oneclick/data/pairs.h"
#include "oneclick/model/project.h"

enum { FLEET_FILE_MAX = 64 * 1024 * 1024 }; /* bytes */

/* `line` is where it stands in its file; 0 when it came from the service. */
struct fleet_project {
	const char *name;
	const char *description;                   /* NULL: not said */
	const struct placement_template *template; /* NULL: not said */
	int line;
};

struct fleet_placement {
	const char *project, *name;
	struct pairs *attributes; /* never NULL */
	struct pairs *devices;    /* template to device ID; never NULL */
	bool is_whole;            /* a file's: what it does not name is to go */
	int line;
};

struct fleet_device {
	const char *id;
	const char *code; /* the claim code it may be claimed by; NULL: none */
	const char *project, *placement,
		*template_name; /* NULL: not placed, or not said */
	int enabled;            /* 1, 0, or -1: not said */
	int line;
};

struct fleet {
	struct fleet_project *project;
	struct fleet_placement *placement;
	struct fleet_device *device;
	size_t projects, placements, devices;
	size_t account_projects; /* all that the account has; 0 when not looked at */
};

struct fleet *fleet_new(const void *ctx);
/* The one of this name, added when there is none yet. Good until the next is added. */
struct fleet_project *fleet_project(struct fleet *fleet, const char *name);
struct fleet_placement *fleet_placement(
	struct fleet *fleet, const char *project, const char *name);
struct fleet_device *fleet_device(struct fleet *fleet, const char *id);
/* By name, project and name, and ID: what was learnt in any order is told in one. */
void fleet_sort(struct fleet *fleet);
/* NULL when there is none. */
const struct fleet_project *fleet_find_project(
	const struct fleet *fleet, const char *name);
const struct fleet_placement *fleet_find_placement(
	const struct fleet *fleet, const char *project, const char *name);
const struct fleet_device *fleet_find_device(const struct fleet *fleet, const char *id);

/* What AWS::Region and AWS::AccountId stand for; account NULL: not known. */
struct template_place {
	const char *region, *account;
};

/* The text of a CloudFormation template, YAML or JSON: its AWS::IoT1Click::Project,
 * ::Placement and ::Device resources whose conditions hold; *passed counts those of other
 * types. Functions are worked out as far as the template and the place tell; anything that
 * would change what is made and cannot be followed is refused with its line. */
enum err fleet_read_template(const void *ctx, const char *path, const struct buf *text,
	const struct template_place *place, struct fleet **out, size_t *passed,
	struct fault *why);
/* The text of a CSV, a device or a placement a row: project, placement, template, deviceId,
 * claimCode, enabled and attr:NAME columns, in any order. */
enum err fleet_read_rows(const void *ctx, const char *path, const struct buf *text,
	struct fleet **out, struct fault *why);

/* The same two, written; `out` gets all of it. */
void fleet_write_template(struct buf *out, const struct fleet *fleet);
void fleet_write_rows(struct buf *out, const struct fleet *fleet);

#endif
