/* ListRecords: the account's audit records, newest first, each as it was written.
 * Query: maxResults, nextToken.  Answer: {"records": [...], "nextToken"}. */
#include <stdlib.h>

#include "oneclick/api/page.h"
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

static enum err
find_before(
	const struct extra_call *call, const char *query, int64_t *out, struct fault *why)
{
	const char *token = pairs_get(call->query, "nextToken"), *before;
	enum err err;

	*out = 0;
	if (!token)
		return ERR_NONE;
	err = page_token_read(
		call->ctx, call->secret, query, token, ERR_INVALID, &before, why);
	if (!err)
		*out = strtoll(before, NULL, 10);
	return err;
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
		err = find_before(call, query, &before, why);
	if (err)
		return err;
	json_open(&listing.j, '{');
	json_key(&listing.j, "records");
	json_open(&listing.j, '[');
	err = audit_list(call->tx, call->principal->account, before, listing.left + 1,
		add, &listing, why);
	json_close(&listing.j, ']');
	if (listing.more)
		json_member_text(&listing.j, "nextToken",
			page_token_make(call->ctx, call->secret, query,
				mem_format(call->ctx, "%lld", (long long)listing.last)));
	json_close(&listing.j, '}');
	return err;
}
