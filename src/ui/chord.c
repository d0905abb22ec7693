#include "oneclick/ui/chord.h"

#include <stdio.h>
#include <string.h>

#include "oneclick/base/utf8.h"
#include "oneclick/data/record.h"

static const struct {
	const char *name;
	int32_t key;
} named[] = {
	{ "Space", ' ' },
	{ "Enter", CHORD_ENTER },
	{ "Tab", CHORD_TAB },
	{ "Esc", CHORD_ESC },
	{ "Backspace", CHORD_BACKSPACE },
	{ "Del", CHORD_DEL },
	{ "Ins", CHORD_INS },
	{ "Up", CHORD_UP },
	{ "Down", CHORD_DOWN },
	{ "Left", CHORD_LEFT },
	{ "Right", CHORD_RIGHT },
	{ "Home", CHORD_HOME },
	{ "End", CHORD_END },
	{ "PgUp", CHORD_PGUP },
	{ "PgDn", CHORD_PGDN },
	{ "WheelUp", CHORD_WHEEL_UP },
	{ "WheelDown", CHORD_WHEEL_DOWN },
	{ "F1", CHORD_F1 },
	{ "F2", CHORD_F1 + 1 },
	{ "F3", CHORD_F1 + 2 },
	{ "F4", CHORD_F1 + 3 },
	{ "F5", CHORD_F1 + 4 },
	{ "F6", CHORD_F1 + 5 },
	{ "F7", CHORD_F1 + 6 },
	{ "F8", CHORD_F1 + 7 },
	{ "F9", CHORD_F1 + 8 },
	{ "F10", CHORD_F1 + 9 },
	{ "F11", CHORD_F1 + 10 },
	{ "F12", CHORD_F12 },
};
enum { NAMED = sizeof(named) / sizeof(*named) };

static const struct {
	const char *name;
	unsigned mod;
} mods[] = {
	{ "Ctrl-", CHORD_CTRL },
	{ "Alt-", CHORD_ALT },
	{ "Shift-", CHORD_SHIFT },
};

/* Control letters that are the same byte as a key with a name. */
static const struct {
	char letter;
	const char *same_as;
} twins[] = {
	{ 'i', "Tab" },
	{ 'm', "Enter" },
	{ 'j', "Enter" },
	{ 'h', "Backspace" },
	{ '[', "Esc" },
};

static const char *
strip_mods(const char *name, unsigned *found)
{
	for (size_t i = 0; i < sizeof(mods) / sizeof(*mods); i++) {
		size_t len = strlen(mods[i].name);

		/* what follows must be there: "Ctrl-" alone is no modifier, "-" is a key
		 */
		if (strncmp(name, mods[i].name, len) == 0 && name[len] != '\0') {
			*found |= mods[i].mod;
			return strip_mods(name + len, found);
		}
	}
	return name;
}

static int32_t
find_named(const char *name)
{
	for (size_t i = 0; i < NAMED; i++)
		if (strcmp(named[i].name, name) == 0)
			return named[i].key;
	return -1;
}

static enum err
refuse_name(const char *name, const char *key, struct fault *why)
{
	const char *all[NAMED], *near;

	for (size_t i = 0; i < NAMED; i++)
		all[i] = named[i].name;
	near = nearest_word(key, all, NAMED);
	return fault(why, ERR_INVALID, "no key is called \"%s\"%s%s", name,
		near ? "; did you mean " : "", near ? near : "");
}

static int32_t
read_letter(const char *key)
{
	size_t used, len = strlen(key);
	int32_t point = len > 0 ? utf8_next(key, len, &used) : -1;

	return point > ' ' && point != 0x7F && used == len ? point : -1;
}

static enum err
check_letter(const char *name, struct chord *chord, struct fault *why)
{
	if (chord->mods & CHORD_SHIFT)
		return fault(why, ERR_INVALID,
			"\"%s\": a letter has no Shift of its own; write the letter it "
			"gives",
			name);
	if (!(chord->mods & CHORD_CTRL))
		return ERR_NONE;
	if (chord->key >= 'A' && chord->key <= 'Z')
		chord->key += 'a' - 'A';
	for (size_t i = 0; i < sizeof(twins) / sizeof(*twins); i++)
		if (chord->key == twins[i].letter)
			return fault(why, ERR_INVALID,
				"\"%s\" cannot be told from %s by a terminal; use %s or "
				"another key",
				name, twins[i].same_as, twins[i].same_as);
	if ((chord->key < 'a' || chord->key > 'z') && !strchr("\\]^_", (int)chord->key))
		return fault(why, ERR_INVALID,
			"\"%s\": Ctrl goes with a letter a to z, \\ ] ^ _ or Space",
			name);
	return ERR_NONE;
}

enum err
chord_parse(const char *name, struct chord *out, struct fault *why)
{
	struct chord chord = { .kind = CHORD_KEY };
	const char *key = strip_mods(name, &chord.mods);

	chord.key = find_named(key);
	if (chord.key < 0) {
		enum err err;

		chord.key = read_letter(key);
		if (chord.key < 0)
			return refuse_name(name, key, why);
		err = check_letter(name, &chord, why);
		if (err)
			return err;
	}
	*out = chord;
	return ERR_NONE;
}

static const char *
name_of(int32_t key, char letter[5])
{
	for (size_t i = 0; i < NAMED; i++)
		if (named[i].key == key)
			return named[i].name;
	letter[key > ' ' && key < CHORD_NAMED ? utf8_put(key, letter) : 0] = '\0';
	return letter;
}

void
chord_name(const struct chord *chord, char out[CHORD_NAME_MAX])
{
	char letter[5];

	*out = '\0';
	if (chord->kind == CHORD_KEY)
		snprintf(out, CHORD_NAME_MAX, "%s%s%s%s",
			chord->mods & CHORD_CTRL ? "Ctrl-" : "",
			chord->mods & CHORD_ALT ? "Alt-" : "",
			chord->mods & CHORD_SHIFT ? "Shift-" : "",
			name_of(chord->key, letter));
}

bool
chord_is(const struct chord *chord, int32_t key)
{
	return chord->kind == CHORD_KEY && chord->key == key && chord->mods == 0;
}

bool
chord_is_ctrl(const struct chord *chord, int32_t key)
{
	return chord->kind == CHORD_KEY && chord->key == key && chord->mods == CHORD_CTRL;
}

bool
chord_is_letter(const struct chord *chord)
{
	return chord->kind == CHORD_KEY && chord->mods == 0 && chord->key >= ' ' &&
	       chord->key < CHORD_NAMED;
}

bool
chord_is_same(const struct chord *a, const struct chord *b)
{
	return a->kind == CHORD_KEY && b->kind == CHORD_KEY && a->key == b->key &&
	       a->mods == b->mods;
}

bool
chord_is_mouse(const struct chord *chord)
{
	return chord->kind == CHORD_CLICK ||
	       (chord->kind == CHORD_KEY && (chord->key == CHORD_WHEEL_UP ||
						    chord->key == CHORD_WHEEL_DOWN));
}
