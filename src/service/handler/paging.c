#include "oneclick/base/mem.h"
#include "parts.h"

enum err
paging_open(struct handling *h, enum err bad, const char *what, struct paging *out,
	struct fault *why)
{
	const struct ask *ask = h->ask;

	*out = (struct paging){ .ctx = h->ctx, .after = "", .limit = PAGE_DEFAULT };
	out->query = mem_format(
		h->ctx, "%s %s %s", op_info(h->op)->name, h->account, what ? what : "");
	if (ask->max_results != FIELD_ABSENT_INT)
		out->limit = (int)ask->max_results;
	if (!ask->next_token)
		return ERR_NONE;
	return page_token_read(
		h->ctx, h->secret, out->query, ask->next_token, bad, &out->after, why);
}

bool
paging_takes(struct paging *page, const char *key)
{
	if (page->count == page->limit) {
		page->more = true;
		return false;
	}
	if (++page->count == page->limit)
		page->last = mem_text(page->ctx, key);
	return true;
}

void
paging_close(struct handling *h, const struct paging *page, struct json *j)
{
	if (page->more)
		json_member_text(j, "nextToken",
			page_token_make(h->ctx, h->secret, page->query, page->last));
}
