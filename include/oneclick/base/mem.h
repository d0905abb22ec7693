/*
 * Memory by lifetime, over talloc: the program, a shelf, a request, a turn.  Free the
 * lifetime, not the pieces.  Exhaustion aborts with a line; every door has a cap, so that
 * a stranger cannot cause it.
 */
#ifndef ONECLICK_BASE_MEM_H
#define ONECLICK_BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>
#include <talloc.h>

/* A zeroed object, or array of n objects, of `type`, living as long as `ctx`. */
#define mem_new(ctx, type) ((type *)mem_zero((ctx), sizeof(type), 1, #type))
#define mem_array(ctx, type, n) ((type *)mem_zero((ctx), sizeof(type), (n), #type))
/* The array grown (or shrunk) to n objects; what is new is not zeroed. */
#define mem_resize(ctx, array, type, n) \
	((type *)mem_sized((ctx), (array), sizeof(type), (n), #type))

void *mem_zero(const void *ctx, size_t size, size_t n, const char *name);
void *mem_sized(const void *ctx, void *old, size_t size, size_t n, const char *name);

/* An empty lifetime below ctx (NULL: a root). */
void *mem_life(const void *ctx);
void mem_free(void *life);
/* Moves a piece, and what lives as long as it, to another lifetime. */
void *mem_move(const void *ctx, void *piece);

char *mem_text(const void *ctx, const char *text); /* NULL stays NULL */
char *mem_textn(
	const void *ctx, const char *text, size_t n); /* exactly n bytes and a NUL */
char *mem_format(const void *ctx, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
char *mem_vformat(const void *ctx, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* The program ends here with one line on standard error; for the impossible and for
 * exhaustion only. */
_Noreturn void mem_abort(const char *what);

#endif
