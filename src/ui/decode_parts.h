/* What the parts of the decoder share: decode.c reads letters and leads, decode_sequence.c
 * reads what begins with an introducer, decode_paste.c collects pastes.
 *
 * A reader is given bytes of which none is taken yet and returns how many it took: 0 if it
 * needs more to tell. */
#ifndef ONECLICK_UI_DECODE_PARTS_H
#define ONECLICK_UI_DECODE_PARTS_H

#include "oneclick/ui/decode.h"

enum {
	DECODE_BEL = 0x07,
	DECODE_CAN = 0x18, /* CAN and SUB call a sequence off */
	DECODE_SUB = 0x1A,
	DECODE_ESC = 0x1B,
	DECODE_DEL = 0x7F,
};
/* Bytes of a read from which on a paste without brackets may go on in the next. */
enum { DECODE_BURST_GOES_ON = 512 };

void decode_emit(struct decode *decode, struct chord chord);
void decode_emit_key(struct decode *decode, int32_t key, unsigned mods);
/* Bytes the letter beginning with `lead` has, 1 for what begins none. */
size_t decode_letter_length(unsigned char lead);

/* Bytes of the introducer at[0..n), 0 if none begins there: ESC and a letter, or the same
 * in 8 bits, raw or as UTF-8.  *kind gets the letter: '[' of a control sequence, 'O' of a
 * key of the keypad, "P]X^_" of strings. */
size_t decode_introducer(const char *at, size_t n, char *kind);
bool decode_is_string(char kind);
/* What begins with an introducer of `skip` bytes. */
size_t decode_introduced(
	struct decode *decode, char kind, size_t skip, const char *at, size_t n);
/* The rest of a string; of a control sequence without end. */
size_t decode_string(struct decode *decode, const char *at, size_t n);
size_t decode_skip(struct decode *decode, const char *at, size_t n);

void decode_paste_begin(struct decode *decode, enum decode_state state);
void decode_paste_add(struct decode *decode, const char *at, size_t n);
void decode_paste_end(struct decode *decode);
size_t decode_pasted(struct decode *decode, const char *at, size_t n);
/* The rule in decode.h for terminals without bracketed paste. */
bool decode_looks_pasted(const char *at, size_t n);

#endif
