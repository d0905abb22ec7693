/* The hub: says "the log has grown" to whoever follows it, once a turn, on the loop. Live
 * streams follow it now; deliveries will, without knowing of each other.  What has no place
 * in the log, because no device did it (projects, placements, tags), it tells at once. */
#ifndef ONECLICK_SERVICE_HUB_H
#define ONECLICK_SERVICE_HUB_H

struct hub;
struct hub_follower;
typedef void (*hub_fn)(void *arg);

struct hub_change {
	const char *account, *project, *device; /* what it is about; NULL: none */
	const char *json;
};
typedef void (*hub_change_fn)(void *arg, const struct hub_change *change);

struct hub *hub_new(const void *ctx);
void hub_tell(struct hub *hub);  /* before this turn of the loop ends */
void hub_flush(struct hub *hub); /* at its end: calls the followers if one told */
struct hub_follower *hub_follow(struct hub *hub, hub_fn fn, void *arg);
/* Changes too, of which `fn` is told with the follower's arg. */
void hub_follow_changes(struct hub_follower *follower, hub_change_fn fn);
void hub_tell_change(struct hub *hub, const struct hub_change *change);
void hub_unfollow(struct hub_follower *follower);

#endif
