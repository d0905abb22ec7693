#include "account.h"

#include "oneclick/base/mem.h"
#include "oneclick/model/arn.h"

struct looking {
	struct client *client;
	account_fn fn;
	void *arg;
	size_t at; /* of places[] */
};

static const struct {
	enum op op;
	const char *items;
} places[] = {
	{ OP_LIST_PROJECTS, "projects" },
	{ OP_LIST_DEVICES, "devices" },
};

enum { PLACES = sizeof places / sizeof *places };

static void look(struct looking *looking);

static const char *
read_account(const void *ctx, const struct value *list)
{
	const char *text = list && list->kind == VALUE_LIST && list->count > 0
				   ? value_text(&list->item[0], "arn")
				   : NULL;
	struct arn arn;

	return text && !arn_parse(text, &arn, NULL) ? mem_text(ctx, arn.account) : NULL;
}

static void
take_answer(void *arg, const struct answer *answer)
{
	struct looking *looking = arg;
	const char *account =
		read_account(looking, value_get(answer->body, places[looking->at].items));

	if (!account && ++looking->at < PLACES)
		look(looking);
	else
		looking->fn(looking->arg, account);
}

/* Our own service says it of itself. */
static void
take_ready(void *arg, const struct answer *answer)
{
	struct looking *looking = arg;
	const char *account = value_text(answer->body, "account");

	if (account)
		looking->fn(looking->arg, account);
	else
		look(looking);
}

static void
look(struct looking *looking)
{
	struct ask ask;

	ask_init(&ask);
	ask.max_results = 1;
	client_call(looking->client, places[looking->at].op, &ask, take_answer, looking);
}

void
account_find(const void *ctx, struct client *client, account_fn fn, void *arg)
{
	struct looking *looking = mem_new(ctx, struct looking);

	looking->client = client;
	looking->fn = fn;
	looking->arg = arg;
	client_extra(client, EXTRA_LIST_READY, "maxResults=1", NULL, take_ready, looking);
}
