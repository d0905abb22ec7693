#include "oneclick/service/hub.h"

#include <stdbool.h>
#include <utlist.h>

#include "oneclick/base/mem.h"

struct hub_follower {
	struct hub *hub;
	hub_fn fn;
	hub_change_fn change; /* NULL: not told */
	void *arg;
	struct hub_follower *prev, *next;
};

struct hub {
	struct hub_follower *followers;
	bool told;
};

struct hub *
hub_new(const void *ctx)
{
	return mem_new(ctx, struct hub);
}

void
hub_tell(struct hub *hub)
{
	hub->told = true;
}

void
hub_flush(struct hub *hub)
{
	struct hub_follower *follower, *next;

	if (!hub->told)
		return;
	hub->told = false;
	DL_FOREACH_SAFE(hub->followers, follower, next)
	follower->fn(follower->arg);
}

struct hub_follower *
hub_follow(struct hub *hub, hub_fn fn, void *arg)
{
	struct hub_follower *follower = mem_new(hub, struct hub_follower);

	*follower = (struct hub_follower){ .hub = hub, .fn = fn, .arg = arg };
	DL_APPEND(hub->followers, follower);
	return follower;
}

void
hub_follow_changes(struct hub_follower *follower, hub_change_fn fn)
{
	follower->change = fn;
}

void
hub_tell_change(struct hub *hub, const struct hub_change *change)
{
	struct hub_follower *follower, *next;

	DL_FOREACH_SAFE(hub->followers, follower, next)
	if (follower->change)
		follower->change(follower->arg, change);
}

void
hub_unfollow(struct hub_follower *follower)
{
	DL_DELETE(follower->hub->followers, follower);
	mem_free(follower);
}
