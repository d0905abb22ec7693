/*
 * The configuration file: FILE and every conf.d/NAME.yaml beside it, as one tree in which a
 * top-level key stands in one file only.  A key is an option of settings.c without its
 * dashes ("claim-window"), or a section, which its own room reads: config.c has a row for
 * each with the function that checks it, so that what is wrong is found before anything is
 * opened, at the start, by --check-config and before a reload.
 *
 * Nobody but root and the service's own user may be able to change these files. Secrets are
 * not in them: sections name the files that hold them.
 */
#ifndef ONECLICK_SERVICE_CONFIG_H
#define ONECLICK_SERVICE_CONFIG_H

#include "oneclick/base/fault.h"
#include "oneclick/data/value.h"

#define CONFIG_FILE "/etc/oneclick/oneclick.yaml"

/* Hears of what is wrong. */
typedef void (*config_tell_fn)(void *arg, const char *sentence);
struct config_check {
	config_tell_fn tell;
	void *arg;
	int problems;     /* told so far */
	const char *file; /* that is being read; NULL: none */
	int line, column; /* of the key that is being read */
};

/* Where a setting was said; all empty when nobody said it. */
struct config_place {
	const char *file; /* NULL: not in a file */
	int line, column;
	const char *name; /* as it was said there: "tls-key", "ONECLICKD_TLS_KEY" */
};

/* Tells "FILE:LINE:COLUMN: sentence", at the line and column that the sentence begins with
 * ("line 3, column 5: ...", as record_read says it), or else at those of the key. */
void config_problem(struct config_check *check, const struct fault *why);

/* Has the section read, and what is wrong told, again and again without the members found
 * wrong, so that none hides another.  What only comes of that is not told: what names such a
 * member ("KEY"), and that something is needed (ERR_NOT_FOUND) in a map that lost one. */
typedef enum err (*config_read_fn)(
	const void *ctx, const struct value *section, struct fault *why);
void config_check_all(const void *ctx, const struct value *section, config_read_fn read,
	struct config_check *check);

/* A section's check opens nothing but the files it names, and tells of each problem that it can find. `file` is
 * the whole tree, for what one section says of another. */
typedef void (*config_section_fn)(const void *ctx, const struct value *section,
	const struct value *file, struct config_check *check);

struct config {
	const struct value *tree; /* never NULL: an empty map when there is no file */
	const char *const *file;  /* of each of its keys */
};

/* Reads the file (NULL: none) and those beside it; the config is whole only when nothing
 * was told. It lives as long as ctx. */
const struct config *config_read(
	const void *ctx, const char *path, struct config_check *check);

/* The options' part of it. */
struct option_row;
/* Sets what the file says of the rows and where (a place each), and has each section
 * checked. */
void config_apply(const void *ctx, const struct config *config,
	const struct option_row *rows, size_t count, void *out,
	struct config_place *place, struct config_check *check);

#endif
