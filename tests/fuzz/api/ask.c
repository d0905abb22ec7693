/* A call of each operation: what is read can be written, and is read again as the same. */
#undef NDEBUG
#include <assert.h>
#include <string.h>

#include "../fuzz.h"
#include "oneclick/api/ask.h"
#include "oneclick/api/route.h"
#include "oneclick/base/mem.h"

struct wire {
	const char *method, *target, *body;
};

static enum err
read_wire(const void *life, const struct wire *wire, enum op *op, struct ask *ask,
	struct fault *why)
{
	size_t n = strcspn(wire->target, "?");
	struct route route = { .op = OP_NONE };
	struct ask_source from = {
		.query = wire->target[n] ? wire->target + n + 1 : NULL,
		.body = wire->body ? wire->body : "",
		.body_len = wire->body ? strlen(wire->body) : 0,
	};
	enum err err = route_find(
		life, wire->method, mem_textn(life, wire->target, n), &route, why);

	fuzz_check_fault(err, why);
	if (!err && route.op == OP_NONE)
		return ERR_NOT_FOUND;
	from.labels = route.labels;
	*op = route.op;
	ask_init(ask);
	return err ? err : ask_read(life, route.op, &from, ask, why);
}

void
fuzz(const void *life, const char *data, size_t n)
{
	const char *method = fuzz_line(life, &data, &n);
	const char *target = fuzz_line(life, &data, &n);
	struct wire wire = { method, target, n ? data : NULL };
	struct ask_wire written, again;
	struct ask ask;
	enum op op, op_again;
	struct fault why = { .code = ERR_NONE };

	if (read_wire(life, &wire, &op, &ask, &why))
		return;
	ask.method_tree = ask.template_tree = NULL;
	assert(ask_write(life, op, &ask, &written, &why) == ERR_NONE);
	wire = (struct wire){ written.method, written.target, written.body };
	assert(read_wire(life, &wire, &op_again, &ask, &why) == ERR_NONE &&
		op == op_again);
	ask.method_tree = ask.template_tree = NULL;
	assert(ask_write(life, op, &ask, &again, &why) == ERR_NONE);
	assert(strcmp(written.target, again.target) == 0);
	assert(!written.body || strcmp(written.body, again.body) == 0);
}
