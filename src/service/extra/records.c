/* ListRecords: the account's audit records, newest first, each as it was written.
 * Query: maxResults, nextToken.  Answer: {"records": [...], "nextToken"}. */
#include "oneclick/base/mem.h"
#include "oneclick/data/json.h"
#include "oneclick/service/extra.h"
#include "oneclick/store/audit.h"

struct listing {
	struct json j;
	int left;
	int64_t last; /* position of the one last written */
	bool more;
};

static bool
add(void *arg, int64_t pos, int64_t at, const char *record)
{
	struct listing *listing = arg;

	(void)at;
	if (listing->left == 0) {
		listing->more = true;
		return false;
	}
	listing->left--;
	listing->last = pos;
	json_raw(&listing->j, record);
	return true;
}

enum err
handle_ListRecords(struct extra_call *call, struct fault *why)
{
	const char *query =
		mem_format(call->ctx, "ListRecords %s", call->principal->account);
	struct listing listing = { .j = json_to(call->out) };
	int64_t before;
	enum err err = extra_limit(call, &listing.left, why);

	if (!err)
		err = extra_before(call, query, 0, &before, why);
	if (err)
		return err;
	json_open(&listing.j, '{');
	json_key(&listing.j, "records");
	json_open(&listing.j, '[');
	err = audit_list(call->tx, call->principal->account, before, listing.left + 1,
		add, &listing, why);
	json_close(&listing.j, ']');
	if (listing.more)
		extra_go_on(call, &listing.j, query, listing.last);
	json_close(&listing.j, '}');
	return err;
}
