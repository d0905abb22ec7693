/*
 * Text that may be shown.  All foreign text (network, files, terminal, environment) is
 * made safe once, where it enters; the drawing floor, the log and the plain-text printers
 * take only struct safe_text, so that forgetting it does not compile.
 *
 * What changes: control characters become caret notation, C1 and broken UTF-8 become \xNN,
 * and what a terminal would act on or hide (bidi controls, zero-width, tags, private use,
 * noncharacters, line separators) becomes <U+XXXX>.  At most two combining marks stay on a
 * base.  Doing it twice changes nothing more.
 */
#ifndef ONECLICK_BASE_TEXT_SAFE_H
#define ONECLICK_BASE_TEXT_SAFE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct safe_text {
	const char *text; /* NUL-terminated; may be NULL, which shows as nothing */
};

/* A literal of ours, safe because we wrote it; refuses to compile for anything else. */
#define SAFE(literal) ((struct safe_text){ "" literal "" })

/* The whole of `bytes` made safe, living as long as ctx. */
struct safe_text text_safe(const void *ctx, const char *bytes, size_t n);
struct safe_text text_safe_z(const void *ctx, const char *text); /* up to the NUL */

/* Our own format with numbers and already safe words; the result is made safe once more. */
struct safe_text text_safe_format(const void *ctx, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* True of a code point that a terminal or a browser obeys or shows as nothing (bidi controls,
 * zero-width, private use, unassigned, line separators), controls aside. */
bool text_point_is_hidden(int32_t point);

/* True if text_safe would leave the bytes as they are. */
bool text_is_safe(const char *bytes, size_t n);

#endif
