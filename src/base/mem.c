#include "oneclick/base/mem.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void
mem_abort(const char *what)
{
	fprintf(stderr, "%s: %s\n", program_invocation_short_name, what);
	abort();
}

static void *
need(void *piece)
{
	if (!piece)
		mem_abort("out of memory");
	return piece;
}

static unsigned
count_of(size_t n)
{
	if (n > UINT_MAX)
		mem_abort("out of memory: an array too long");
	return (unsigned)n;
}

void *
mem_zero(const void *ctx, size_t size, size_t n, const char *name)
{
	return need(_talloc_zero_array(ctx, size, count_of(n), name));
}

void *
mem_sized(const void *ctx, void *old, size_t size, size_t n, const char *name)
{
	if (n == 0)
		n = 1; /* talloc would free it and answer NULL */
	return need(_talloc_realloc_array(ctx, old, size, count_of(n), name));
}

void *
mem_life(const void *ctx)
{
	return need(talloc_new(ctx));
}

void
mem_free(void *life)
{
	if (life)
		talloc_free(life);
}

void *
mem_move(const void *ctx, void *piece)
{
	return _talloc_steal_loc(ctx, piece, __location__);
}

char *
mem_text(const void *ctx, const char *text)
{
	return text ? mem_textn(ctx, text, strlen(text)) : NULL;
}

char *
mem_textn(const void *ctx, const char *text, size_t n)
{
	char *copy = need(talloc_named_const(ctx, n + 1, "text"));

	if (n > 0)
		memcpy(copy, text, n);
	copy[n] = '\0';
	return copy;
}

char *
mem_format(const void *ctx, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = mem_vformat(ctx, format, args);
	va_end(args);
	return text;
}

char *
mem_vformat(const void *ctx, const char *format, va_list args)
{
	return need(talloc_vasprintf(ctx, format, args));
}
