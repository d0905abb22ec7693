#include "oneclick/ui/colour.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/data/record.h"

/* Names of the 16, dark then bright, and the values xterm gives them, which serve only to
 * work out the nearest. */
static const char *const names[] = {
	"black",
	"red",
	"green",
	"yellow",
	"blue",
	"magenta",
	"cyan",
	"white",
	"bright-black",
	"bright-red",
	"bright-green",
	"bright-yellow",
	"bright-blue",
	"bright-magenta",
	"bright-cyan",
	"bright-white",
	"default",
};
static const int32_t base_rgb[16] = {
	0x000000,
	0xcd0000,
	0x00cd00,
	0xcdcd00,
	0x0000ee,
	0xcd00cd,
	0x00cdcd,
	0xe5e5e5,
	0x7f7f7f,
	0xff0000,
	0x00ff00,
	0xffff00,
	0x5c5cff,
	0xff00ff,
	0x00ffff,
	0xffffff,
};
enum { NAME_DEFAULT = 16, NAMES = 17 };

static enum err
refuse(const struct value *value, struct fault *why, const char *what, const char *got)
{
	const char *near = got ? nearest_word(got, names, NAMES) : NULL;

	return fault(why, ERR_INVALID, "%d:%d: %s%s%s%s%s%s", value->line, value->column,
		what, got ? " \"" : "", got ? got : "", got ? "\"" : "",
		near ? "; did you mean " : "", near ? near : "");
}

/* The colour at index of xterm's 256: the 16, a 6x6x6 cube, 24 greys. */
static int32_t
rgb_of_256(int index)
{
	static const int level[] = { 0, 95, 135, 175, 215, 255 };
	int grey = 8 + 10 * (index - 232);

	if (index < 16)
		return base_rgb[index];
	if (index >= 232)
		return grey << 16 | grey << 8 | grey;
	index -= 16;
	return level[index / 36] << 16 | level[index / 6 % 6] << 8 | level[index % 6];
}

static int
distance(int32_t a, int32_t b)
{
	int red = (a >> 16 & 255) - (b >> 16 & 255),
	    green = (a >> 8 & 255) - (b >> 8 & 255), blue = (a & 255) - (b & 255);

	return 3 * red * red + 6 * green * green + blue * blue;
}

static int
nearest_index(int32_t rgb, int first, int end)
{
	int best = first;

	for (int i = first; i < end; i++)
		if (distance(rgb, rgb_of_256(i)) < distance(rgb, rgb_of_256(best)))
			best = i;
	return best;
}

enum { UNSAID = -2 };

/* Fills what was not said, from the deepest that was. */
static void
derive(struct colour *c)
{
	if (c->rgb == UNSAID)
		c->rgb = c->c256 != UNSAID
				 ? (c->c256 < 0 ? COLOUR_DEFAULT : rgb_of_256(c->c256))
			 : c->c16 < 0 ? COLOUR_DEFAULT
				      : base_rgb[c->c16];
	if (c->c256 ==
		UNSAID) /* below 16 lies the user's palette, which rgb does not mean */
		c->c256 = c->c16 != UNSAID ? c->c16
			  : c->rgb < 0     ? COLOUR_DEFAULT
					   : nearest_index(c->rgb, 16, 256);
	if (c->c16 == UNSAID)
		c->c16 = c->c256 < 16 ? c->c256
			 : c->rgb < 0 ? COLOUR_DEFAULT
				      : nearest_index(c->rgb, 0, 16);
}

static enum err
read_rgb(const struct value *value, int32_t *out, struct fault *why)
{
	char *end;

	if (value->kind != VALUE_TEXT || *value->text != '#' ||
		strlen(value->text) != 7 ||
		strspn(value->text + 1, "0123456789abcdefABCDEF") != 6)
		return refuse(
			value, why, "a colour of 24 bits is written \"#rrggbb\"", NULL);
	*out = (int32_t)strtol(value->text + 1, &end, 16);
	return ERR_NONE;
}

static enum err
read_name(const struct value *value, int *out, struct fault *why)
{
	if (value->kind == VALUE_INT && value->whole >= 0 && value->whole < 16) {
		*out = (int)value->whole;
		return ERR_NONE;
	}
	if (value->kind != VALUE_TEXT)
		return refuse(value, why, "one of 16 colours is a name or 0 to 15", NULL);
	for (int i = 0; i < NAMES; i++)
		if (strcmp(value->text, names[i]) == 0) {
			*out = i == NAME_DEFAULT ? COLOUR_DEFAULT : i;
			return ERR_NONE;
		}
	return refuse(value, why, "unknown colour", value->text);
}

static enum err
read_256(const struct value *value, int *out, struct fault *why)
{
	if (value->kind != VALUE_INT || value->whole < 0 || value->whole > 255)
		return refuse(value, why, "c256 is a number from 0 to 255", NULL);
	*out = (int)value->whole;
	return ERR_NONE;
}

static enum err
read_map(const struct value *map, struct colour *out, struct fault *why)
{
	enum err err = ERR_NONE;

	for (size_t i = 0; i < map->count && !err; i++) {
		const struct value *item = &map->item[i];

		if (strcmp(map->key[i], "rgb") == 0)
			err = read_rgb(item, &out->rgb, why);
		else if (strcmp(map->key[i], "c256") == 0)
			err = read_256(item, &out->c256, why);
		else if (strcmp(map->key[i], "c16") == 0)
			err = read_name(item, &out->c16, why);
		else
			err = fault(why, ERR_INVALID,
				"%d:%d: unknown depth \"%s\"; a colour has rgb, c256 and "
				"c16",
				item->line, item->column, map->key[i]);
	}
	if (!err && map->count == 0)
		return refuse(map, why, "a colour needs rgb, c256 or c16", NULL);
	return err;
}

enum err
colour_read(const struct value *value, struct colour *out, struct fault *why)
{
	struct colour read = { UNSAID, UNSAID, UNSAID };
	enum err err;

	if (value->kind == VALUE_MAP)
		err = read_map(value, &read, why);
	else if (value->kind == VALUE_TEXT && *value->text == '#')
		err = read_rgb(value, &read.rgb, why);
	else
		err = read_name(value, &read.c16, why);
	if (err)
		return err;
	derive(&read);
	*out = read;
	return ERR_NONE;
}

/* WCAG 2.2, "relative luminance". */
static double
luminance(int32_t rgb)
{
	static const double weight[] = { 0.2126, 0.7152, 0.0722 };
	double sum = 0;

	for (int i = 0; i < 3; i++) {
		double part = (rgb >> (16 - 8 * i) & 255) / 255.0;

		sum += weight[i] * (part <= 0.04045 ? part / 12.92
						    : pow((part + 0.055) / 1.055, 2.4));
	}
	return sum;
}

double
colour_contrast(int32_t a, int32_t b)
{
	double one = luminance(a), other = luminance(b);

	return one > other ? (one + 0.05) / (other + 0.05)
			   : (other + 0.05) / (one + 0.05);
}
