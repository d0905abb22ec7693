/* Bytes of a terminal going in, the names of the chords they become coming out. */
#ifndef ONECLICK_TESTS_UI_DECODE_BENCH_H
#define ONECLICK_TESTS_UI_DECODE_BENCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "oneclick/base/mem.h"
#include "oneclick/ui/decode.h"

static inline int
begin(void **state)
{
	*state = mem_life(NULL);
	return 0;
}

static inline int
end(void **state)
{
	mem_free(*state);
	return 0;
}

/* The names of the chords that bytes become, a blank between two. */
static inline const char *
names(struct decode *decode, const char *bytes, size_t n)
{
	static char all[4096];
	const struct chord *chord;
	size_t count = decode_feed(decode, bytes, n, &chord);

	all[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		char name[CHORD_NAME_MAX];

		chord_name(&chord[i], name);
		if (chord[i].kind == CHORD_PASTE)
			snprintf(all + strlen(all), sizeof(all) - strlen(all), "<%s>",
				chord[i].text);
		else if (chord[i].kind == CHORD_CLICK)
			snprintf(all + strlen(all), sizeof(all) - strlen(all), "@%d,%d",
				chord[i].row, chord[i].col);
		strcat(all, *all && *name ? " " : "");
		strcat(all, name);
	}
	return all;
}

#define SENT(bytes) names(decode, bytes, sizeof(bytes) - 1)
#define PAUSE names(decode, "", 0)

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

#endif
