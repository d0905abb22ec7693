/*
 * Changes are carried out once.  The signature of each is remembered with its reply, in the
 * transaction of the change and for as long as it would be accepted.  The same bytes again
 * within REPLAY_AGAIN get the recorded reply: that is a client which did not hear it.  Later
 * they are refused.
 *
 * Signatures are dated by the second, so an honest client that does, undoes and does again
 * within one sends the same bytes twice and means it.  What would then be told is no longer
 * so; it is asked to try again (429), which every AWS client does with a new signature.
 * Likewise one that was refused and would not be now: it is tried and, if that would have
 * changed something, undone.
 *
 * On the writer lane only.
 */
#ifndef ONECLICK_SERVICE_AUTH_REPLAY_H
#define ONECLICK_SERVICE_AUTH_REPLAY_H

#include "oneclick/service/principal.h"
#include "oneclick/store/replays.h"

enum { REPLAY_AGAIN = 5 * 1000 }; /* ms */

/* A change that is asked for. */
struct replay_case {
	struct tx *tx;
	const void *ctx;
	const struct settings *settings;
	const struct principal *principal;
	const char *resource; /* what it acts on; NULL: not known */
	int64_t now;
};

/* ERR_NONE: carry it out, or, with *again, answer as *recorded says; when that was a
 * refusal, try it, and if it is none now, fail with replay_refuse_changed.  Else `problem`
 * words the refusal. */
enum err replay_check(const struct replay_case *c, bool *again, struct replay *recorded,
	enum problem *problem, struct fault *why);
enum err replay_refuse_changed(enum problem *problem, struct fault *why);
/* Remembers how it was answered: carried out, or refused. If that fails, so does the store,
 * and the change with it. */
void replay_note(const struct replay_case *c, int status, const char *body);
void replay_note_refusal(
	const struct replay_case *c, enum problem problem, const char *sentence);

#endif
