/*
 * Themes: for each role its colours, attributes, symbol and word, read from YAML.  The
 * themes lying in themes/ are compiled in under their file's name; any other is a file.
 *
 *   name: field
 *   extends: terminal          # a shipped theme, or a file beside this one
 *   assumes: any               # any, dark, light or "#rrggbb": for the contrast check
 *   roles:
 *     battery.low: {fg: {rgb: "#ff6b5e", c256: 203, c16: red}, attr: [bold], symbol: "!"}
 */
#ifndef ONECLICK_UI_THEME_H
#define ONECLICK_UI_THEME_H

#include <stddef.h>

#include "oneclick/base/fault.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/ui/colour.h"
#include "oneclick/ui/role.h"

enum attr {
	ATTR_BOLD = 1,
	ATTR_DIM = 2,
	ATTR_UNDERLINE = 4,
	ATTR_REVERSE = 8,
	ATTR_ITALIC = 16,
};

struct style {
	struct colour fg, bg;
	unsigned attrs;          /* enum attr bits */
	struct safe_text symbol; /* one column or "" */
	struct safe_text word;   /* at most 12 columns, or "" */
};

struct theme {
	const char *name;
	struct style role[ROLE_COUNT];
};

/* A shipped theme by name, or (if `name` has a '/' or ends in .yaml) a file by path,
 * living as long as ctx.  ERR_NOT_FOUND offers the nearest shipped name; ERR_INVALID says
 * FILE:LINE:COLUMN and the nearest role, colour or attribute. */
enum err theme_load(
	const void *ctx, const char *name, const struct theme **out, struct fault *why);

/* All that is wrong with a theme: each mistake is told, as theme_load would, and passed over.
 * A failure only when there is no such theme, or it is no map at all. */
typedef void (*theme_tell_fn)(void *arg, const struct fault *why);
enum err theme_check(const char *name, theme_tell_fn tell, void *arg, struct fault *why);

/* A theme from its text; `file` begins each sentence and is where `extends` looks beside.
 */
enum err theme_parse(const void *ctx, const char *file, const char *text, size_t n,
	const struct theme **out, struct fault *why);

/* What stands for a state, "" for nothing; of no theme (NULL) the defaults. */
struct safe_text theme_symbol(const struct theme *theme, enum role role);
struct safe_text theme_word(const struct theme *theme, enum role role);

/* Names of the shipped themes, *count of them. */
const char *const *theme_names(size_t *count);

#endif
