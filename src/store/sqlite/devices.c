#include "oneclick/store/devices.h"

#include "db.h"
#include "oneclick/base/mem.h"

/* The columns of DEVICE in sql.c; texts are the row's own. */
static struct device
read_device(const struct query *q)
{
	return (struct device){
		.id = row_text(q, 0),
		.account = row_text(q, 1),
		.claim_code = row_text(q, 2),
		.token_hash = row_text(q, 3),
		.type = row_text(q, 4),
		.tags = row_text(q, 5),
		.project = row_text(q, 6),
		.placement = row_text(q, 7),
		.template_name = row_text(q, 8),
		.on_click = row_text(q, 9),
		.on_health = row_text(q, 10),
		.state = (enum claim_state)row_int(q, 11),
		.enabled = row_int(q, 12),
		.life = row_real(q, 13),
		.clicks = row_int(q, 14),
		.first_click_at = row_int(q, 15),
		.seen_at = row_int(q, 16),
		.claim_at = row_int(q, 17),
		.claim_heard_at = row_int(q, 18),
		.enabled_at = row_int(q, 19),
		.context = row_int(q, 20),
		.calls = row_int(q, 21),
		.profile = row_text(q, 22),
		.rated = (int)row_int(q, 23),
		.presence = (enum presence)row_int(q, 24),
		.life_below = row_real(q, 25),
		.life_told = row_int(q, 26),
		.quiet_after = row_int(q, 27),
		.quiet_at = row_int(q, 28),
		.num = row_int(q, 29),
		.seq = row_int(q, 30),
	};
}

/* The columns of DEVICE_PRESSED. */
static struct device
read_pressed(const struct query *q)
{
	return (struct device){
		.num = row_int(q, 0),
		.seq = row_int(q, 1),
		.id = row_text(q, 2),
		.account = row_text(q, 3),
		.token_hash = row_text(q, 4),
		.state = (enum claim_state)row_int(q, 5),
		.enabled = row_int(q, 6),
		.life = row_real(q, 7),
		.clicks = row_int(q, 8),
		.first_click_at = row_int(q, 9),
		.seen_at = row_int(q, 10),
		.claim_at = row_int(q, 11),
		.claim_heard_at = row_int(q, 12),
		.enabled_at = row_int(q, 13),
		.context = row_int(q, 14),
		.calls = row_int(q, 15),
		.rated = (int)row_int(q, 16),
		.presence = (enum presence)row_int(q, 17),
		.life_below = row_real(q, 18),
		.life_told = row_int(q, 19),
		.quiet_after = row_int(q, 20),
		.quiet_at = row_int(q, 21),
	};
}

/* The columns of DEVICE_LISTED: a page reads 250 rows, and half of a row's time is its
 * columns. */
static struct device
read_listed(const struct query *q)
{
	return (struct device){
		.id = row_text(q, 0),
		.account = row_text(q, 1),
		.type = row_text(q, 2),
		.tags = row_text(q, 3),
		.project = row_text(q, 4),
		.placement = row_text(q, 5),
		.template_name = row_text(q, 6),
		.state = (enum claim_state)row_int(q, 7),
		.enabled = row_int(q, 8),
		.life = row_real(q, 9),
	};
}

static void
keep_texts(const void *ctx, struct device *device)
{
	const char **texts[] = { &device->id, &device->account, &device->claim_code,
		&device->token_hash, &device->type, &device->tags, &device->project,
		&device->placement, &device->template_name, &device->on_click,
		&device->on_health, &device->profile };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		*texts[i] = mem_text(ctx, *texts[i]);
}

static enum err
find(struct query *q, const void *ctx, struct device *out, bool *found, struct fault *why)
{
	enum err err;

	*found = query_next(q, &err, why);
	if (!*found)
		return err;
	*out = read_device(q);
	keep_texts(ctx, out);
	query_end(q);
	return ERR_NONE;
}

enum err
devices_find(struct tx *tx, const void *ctx, const char *id, struct device *out,
	struct fault *why)
{
	struct query q = query_on(tx, STMT_DEVICE_FIND);
	bool found;
	enum err err;

	query_text(&q, id);
	err = find(&q, ctx, out, &found, why);
	if (!err && !found)
		return fault(why, ERR_NOT_FOUND, "There is no device \"%s\".", id);
	return err;
}

enum err
devices_find_pressed(struct tx *tx, const void *ctx, const char *id, bool profiled,
	struct device *out, bool *whole, struct fault *why)
{
	struct query q = query_on(tx, STMT_DEVICE_FIND_PRESSED);
	enum err err;

	*whole = false;
	query_text(&q, id);
	if (!query_next(&q, &err, why))
		return err ? err
			   : fault(why, ERR_NOT_FOUND, "There is no device \"%s\".", id);
	*whole = row_int(&q, 22) || (profiled && row_int(&q, 23));
	*out = read_pressed(&q);
	keep_texts(ctx, out);
	query_end(&q);
	return *whole ? devices_find(tx, ctx, id, out, why) : ERR_NONE;
}

enum err
devices_find_own(struct tx *tx, const void *ctx, const char *account, const char *id,
	struct device *out, struct fault *why)
{
	struct query q = query_on(tx, STMT_DEVICE_FIND_OWN);
	bool found;
	enum err err;

	query_text(&q, id);
	query_text(&q, account);
	err = find(&q, ctx, out, &found, why);
	if (!err && !found)
		return fault(why, ERR_NOT_FOUND,
			"There is no device \"%s\" in this account.", id);
	return err;
}

enum err
devices_add(struct tx *tx, const struct device *device, struct fault *why)
{
	struct query q = query_on(tx, STMT_DEVICE_ADD);
	enum err err;

	query_text(&q, device->id);
	query_text(&q, device->claim_code);
	query_text(&q, device->token_hash);
	query_text(&q, device->type);
	query_real(&q, device->life);
	query_text(&q, device->profile);
	query_int(&q, device->rated);
	err = query_run(&q, why);
	if (err == ERR_CONFLICT)
		return fault(
			why, err, "The device \"%s\" is registered already.", device->id);
	return err;
}

static void
bind_device(struct query *q, const struct device *device)
{
	query_text(q, device->id);
	query_text(q, device->account);
	query_text(q, device->claim_code);
	query_text(q, device->token_hash);
	query_text(q, device->type);
	query_text(q, device->tags);
	query_text(q, device->project);
	query_text(q, device->placement);
	query_text(q, device->template_name);
	query_text(q, device->on_click);
	query_text(q, device->on_health);
	query_int(q, device->state);
	query_int(q, device->enabled);
	query_real(q, device->life);
	query_int(q, device->clicks);
	query_int(q, device->first_click_at);
	query_int(q, device->seen_at);
	query_int(q, device->claim_at);
	query_int(q, device->claim_heard_at);
	query_int(q, device->enabled_at);
	query_int(q, device->context);
	query_int(q, device->calls);
	query_text(q, device->profile);
	query_int(q, device->rated);
	query_int(q, device->presence);
	query_real(q, device->life_below);
	query_int(q, device->life_told);
	query_int(q, device->quiet_after);
	query_int(q, device->quiet_at);
}

static enum err
run_save(struct query *q, const struct device *device, struct fault *why)
{
	bool changed;
	enum err err = query_change(q, &changed, why);

	if (err == ERR_CONFLICT)
		return fault(why, err,
			"The placement \"%s\" already has a device for \"%s\".",
			device->placement, device->template_name);
	if (!err && !changed)
		return fault(
			why, ERR_NOT_FOUND, "There is no device \"%s\".", device->id);
	return err;
}

enum err
devices_save(struct tx *tx, const struct device *device, struct fault *why)
{
	struct query q = query_on(tx, STMT_DEVICE_SAVE);

	bind_device(&q, device);
	return run_save(&q, device, why);
}

enum err
devices_save_click(struct tx *tx, const struct device *device, struct fault *why)
{
	struct query q = query_on(tx, STMT_DEVICE_SAVE_CLICK);

	query_int(&q, device->num);
	query_int(&q, device->seq);
	query_real(&q, device->life);
	query_int(&q, device->clicks);
	query_int(&q, device->first_click_at);
	query_int(&q, device->seen_at);
	query_int(&q, device->claim_heard_at);
	query_int(&q, device->context);
	query_int(&q, device->calls);
	query_int(&q, device->rated);
	query_int(&q, device->presence);
	query_int(&q, device->life_told);
	query_int(&q, device->quiet_at);
	return run_save(&q, device, why);
}

static enum err
visit(struct query *q, struct device (*read)(const struct query *), devices_fn fn,
	void *arg, struct fault *why)
{
	enum err err;

	while (query_next(q, &err, why)) {
		struct device device = read(q);

		if (fn(arg, &device))
			continue;
		query_end(q);
		break;
	}
	return err;
}

enum err
devices_list(struct tx *tx, const char *account, const char *after, int limit,
	devices_fn fn, void *arg, struct fault *why)
{
	struct query q = query_on(tx, STMT_DEVICE_LIST);

	query_text(&q, account);
	query_text(&q, after);
	query_int(&q, limit);
	return visit(&q, read_listed, fn, arg, why);
}

enum err
devices_list_code(struct tx *tx, const char *claim_code, devices_fn fn, void *arg,
	struct fault *why)
{
	struct query q = query_on(tx, STMT_DEVICE_LIST_CODE);

	query_text(&q, claim_code);
	return visit(&q, read_device, fn, arg, why);
}

enum err
devices_list_ready(struct tx *tx, int64_t seen_at, const char *id, int64_t lapsed,
	int limit, devices_fn fn, void *arg, struct fault *why)
{
	struct query q = query_on(tx, STMT_DEVICE_LIST_READY);

	query_int(&q, seen_at);
	query_text(&q, id);
	query_int(&q, lapsed);
	query_int(&q, limit);
	return visit(&q, read_device, fn, arg, why);
}

enum err
devices_ready_are(struct tx *tx, int count, bool *are, struct fault *why)
{
	struct query q = query_on(tx, STMT_DEVICE_READY_AT);
	enum err err;

	query_int(&q, count - 1);
	*are = query_next(&q, &err, why);
	if (*are)
		query_end(&q);
	return err;
}

static enum err
visit_ids(struct query *q, device_id_fn fn, void *arg, struct fault *why)
{
	enum err err;

	while (query_next(q, &err, why))
		fn(arg, row_text(q, 0));
	return err;
}

enum err
devices_list_quiet(struct tx *tx, int64_t now, int limit, device_id_fn fn, void *arg,
	struct fault *why)
{
	struct query q = query_on(tx, STMT_DEVICE_LIST_QUIET);

	query_int(&q, now);
	query_int(&q, limit);
	return visit_ids(&q, fn, arg, why);
}

enum err
devices_list_family(
	struct tx *tx, const char *id, device_id_fn fn, void *arg, struct fault *why)
{
	struct query q = query_on(tx, STMT_DEVICE_LIST_FAMILY);

	query_text(&q, id);
	return visit_ids(&q, fn, arg, why);
}

enum err
devices_in_placement(struct tx *tx, const void *ctx, const char *account,
	const char *project, const char *placement, struct pairs **out, struct fault *why)
{
	struct query q = query_on(tx, STMT_DEVICE_IN_PLACEMENT);
	struct pairs *pairs = pairs_new(ctx);
	enum err err;

	query_text(&q, account);
	query_text(&q, project);
	query_text(&q, placement);
	while (query_next(&q, &err, why))
		pairs_set(pairs, row_text(&q, 0), row_text(&q, 1));
	if (err)
		mem_free(pairs);
	else
		*out = pairs;
	return err;
}

enum err
devices_forget_context(struct tx *tx, const char *account, const char *project,
	const char *placement, struct fault *why)
{
	struct query q = query_on(tx,
		placement ? STMT_DEVICE_FORGET_PLACEMENT : STMT_DEVICE_FORGET_PROJECT);

	query_text(&q, account);
	query_text(&q, project);
	if (placement)
		query_text(&q, placement);
	return query_run(&q, why);
}
