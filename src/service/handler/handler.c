#include "oneclick/service/handler.h"

#include "parts.h"

typedef enum err (*handle_fn)(struct handling *h, struct fault *why);

static const handle_fn handlers[OP_COUNT] = {
#define OP(id, name, ...) [OP_##id] = handle_##name,
#include "oneclick/api/ops.def"
#undef OP
};

enum err
handle(struct handling *handling, struct fault *why)
{
	return handlers[handling->op](handling, why);
}

enum err
nothing_write(struct handling *h)
{
	buf_text(h->out, "{}");
	return ERR_NONE;
}

void
dates_write(struct json *j, int64_t created_at, int64_t updated_at)
{
	json_member_int(j, "createdDate", created_at / 1000);
	json_member_int(j, "updatedDate", updated_at / 1000);
}
