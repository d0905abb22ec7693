/* The hub: says "the log has grown" to whoever follows it, once a turn, on the loop. Live
 * streams follow it now; deliveries will, without knowing of each other. */
#ifndef ONECLICK_SERVICE_HUB_H
#define ONECLICK_SERVICE_HUB_H

struct hub;
struct hub_follower;
typedef void (*hub_fn)(void *arg);

struct hub *hub_new(const void *ctx);
void hub_tell(struct hub *hub);  /* before this turn of the loop ends */
void hub_flush(struct hub *hub); /* at its end: calls the followers if one told */
struct hub_follower *hub_follow(struct hub *hub, hub_fn fn, void *arg);
void hub_unfollow(struct hub_follower *follower);

#endif
