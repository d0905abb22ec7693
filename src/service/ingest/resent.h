/*
 * Messages a broker sends again.  What it was not told of before the connection or one of
 * us ended comes first on the next connection, in its old order and with its old packet
 * IDs (MQTT 3.1.1, 4.4 and 4.6).  A press that says nothing by which a repetition is known
 * would count twice then; so the marks of the last ones taken are kept, with them.
 *
 * A broker that lost its memory gives out the same packet IDs anew.  So marks are good for
 * nothing once it has forgotten us, and only what was taken shortly before the end of the
 * last connection can come again.
 */
#ifndef ONECLICK_SRC_SERVICE_INGEST_RESENT_H
#define ONECLICK_SRC_SERVICE_INGEST_RESENT_H

#include <stdbool.h>
#include <stdint.h>

#include "oneclick/net/mqtt.h"
#include "oneclick/store/marks.h"

struct resent;

/* With what the store has of them; lanes must not have it yet. */
enum err resent_open(
	const void *ctx, struct store *store, struct resent **out, struct fault *why);

/* Packet ID and digest; 0 of QoS 0, which is never sent again. */
uint64_t resent_mark(const struct mqtt_message *message);
/* The connection ended then. */
void resent_note_end(struct resent *resent, int64_t now);
/* There is a new one. Forgotten, there are no marks any more: whoever calls clears them in
 * the store, too. */
void resent_note_begin(struct resent *resent, bool remembered);
/* Whether the message with this mark was taken before; none is on this connection after one
 * that was not. */
bool resent_was_taken(struct resent *resent, uint64_t mark, int64_t now);
/* The number of the next batch that has marks; and that batch, which the store has now. */
int64_t resent_next(const struct resent *resent);
void resent_keep(struct resent *resent, const struct marks *marks);

#endif
