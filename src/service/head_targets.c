#include "head_targets.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oneclick/base/log.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/moment.h"
#include "oneclick/data/json.h"
#include "oneclick/service/sink.h"

enum {
	TARGETS_MAX = 8,
	HOUR = 60 * 60 * 1000,
	AGAIN = 60 * 1000,   /* ms after the first failure; then twice as long */
	TIMEOUT = 10 * 1000, /* ms of an attempt */
};

/* One of journal, path and class. */
struct target {
	struct head_targets *all;
	bool journal;
	const char *path;
	const struct sink_class *class;
	void *sink;
	void *handle; /* of the attempt under way; NULL: none */
	int64_t due;  /* ticks */
	int64_t wait; /* ms, after the last failure; 0: it went well */
	bool tried;   /* the file, on the lane; then `failure` "" or why not */
	char failure[160];
};

struct head_targets {
	struct sink_world world;
	struct target target[TARGETS_MAX];
	size_t count;
	loop_fn idle;
	void *idle_arg;
};

/* ---- the configuration ---- */

static enum err
refuse(const struct value *at, struct fault *why, const char *sentence)
{
	return fault(why, ERR_INVALID, "line %d, column %d: %s", at->line, at->column,
		sentence);
}

static const struct sink_class *
find_class(const char *name)
{
	const struct sink_class *class;

	for (size_t i = 0; (class = sink_at(i)); i++)
		if (strcmp(class->name, name) == 0)
			return class;
	return NULL;
}

/* A mail says what it is, unless the section does. */
static const struct value *
with_words(const void *ctx, const struct value *given)
{
	static const char *const keys[] = { "subject", "body" };
	static const char *const texts[] = { "{{subject}}", "{{head}}" };
	struct value *with = mem_new(ctx, struct value);
	size_t more = sizeof keys / sizeof *keys;

	if (given->kind != VALUE_MAP)
		return given;
	*with = *given;
	with->item = mem_array(ctx, struct value, given->count + more);
	with->key = mem_array(ctx, const char *, given->count + more);
	memcpy(with->item, given->item, given->count * sizeof *with->item);
	memcpy(with->key, given->key, given->count * sizeof *with->key);
	for (size_t i = 0; i < more; i++) {
		if (value_get(given, keys[i]))
			continue;
		with->key[with->count] = keys[i];
		with->item[with->count++] =
			(struct value){ .kind = VALUE_TEXT, .text = texts[i] };
	}
	return with;
}

static enum err
read_sink(const void *ctx, const struct value *value, const struct sink_world *world,
	struct target *out, struct fault *why)
{
	bool is_mail = strcmp(out->class->name, "mail") == 0;

	return out->class->open(
		ctx, is_mail ? with_words(ctx, value) : value, world, &out->sink, why);
}

static enum err
read_target(const void *ctx, const struct value *map, const struct sink_world *world,
	struct target *out, struct fault *why)
{
	const char *name = map->kind == VALUE_MAP && map->count == 1 ? map->key[0] : "";
	const struct value *value = *name ? &map->item[0] : NULL;

	if (strcmp(name, "journal") == 0) {
		out->journal = value->kind == VALUE_BOOL && value->yes;
		return out->journal ? ERR_NONE
				    : refuse(value, why, "\"journal\" takes true.");
	}
	if (strcmp(name, "file") == 0) {
		out->path = value->kind == VALUE_TEXT && value->text[0] == '/'
				    ? mem_text(ctx, value->text)
				    : NULL;
		return out->path ? ERR_NONE
				 : refuse(value, why,
					   "\"file\" takes an absolute path.");
	}
	if (strcmp(name, "mail") == 0 || strcmp(name, "webhook") == 0) {
		out->class = find_class(name);
		return read_sink(ctx, value, world, out, why);
	}
	return refuse(map, why,
		"Each item is one of journal, file, mail and webhook, as in - journal: "
		"true.");
}

void
head_targets_check(const void *ctx, const struct value *section, const struct value *file,
	struct config_check *check)
{
	struct fault why;

	(void)file;
	if (section->kind == VALUE_NULL)
		return;
	if (section->kind != VALUE_LIST || section->count > TARGETS_MAX) {
		refuse(section, &why, "\"audit-head\" takes a list of at most 8 items.");
		config_problem(check, &why);
		return;
	}
	for (size_t i = 0; i < section->count; i++) {
		struct target target = { 0 };

		if (read_target(ctx, &section->item[i], NULL, &target, &why))
			config_problem(check, &why);
	}
}

enum err
head_targets_open(const void *ctx, struct service *service, struct head_targets **out,
	struct fault *why)
{
	const struct settings *settings = &service->settings;
	const struct value *section = value_get(settings->file, "audit-head");
	struct head_targets *targets = mem_new(ctx, struct head_targets);
	enum err err = ERR_NONE;

	targets->world = (struct sink_world){
		.loop = service->loop,
		.transfers = transfers_new(targets, service->loop),
		.region = settings->region,
		.account = settings->account,
	};
	for (size_t i = 0; !err && section && section->kind == VALUE_LIST &&
			   i < section->count && i < TARGETS_MAX;
		i++) {
		targets->target[i].all = targets;
		err = read_target(targets, &section->item[i], &targets->world,
			&targets->target[i], why);
		targets->count += !err;
	}
	if (err)
		head_targets_close(targets);
	else
		*out = targets;
	return err;
}

void
head_targets_close(struct head_targets *targets)
{
	for (size_t i = 0; i < targets->count; i++) {
		struct target *target = &targets->target[i];

		if (target->handle)
			target->class->cancel(target->handle);
		if (target->class && target->class->close)
			target->class->close(target->sink);
	}
	transfers_free(targets->world.transfers);
	mem_free(targets);
}

/* ---- what came of it ---- */

static const char *
name_of(const struct target *target)
{
	return target->path ? target->path : target->class->name;
}

/* A newer head says all that an older one does, so only the newest is sent again. */
static void
settle(struct target *target, const char *failure)
{
	if (!*failure && target->wait > 0)
		log_line(LOG_INFO, "the head of the audit records is sent to %s again",
			name_of(target));
	if (!*failure) {
		target->wait = 0;
		target->due = moment_ticks() + HOUR;
		return;
	}
	target->wait = target->wait ? target->wait * 2 : AGAIN;
	if (target->wait > HOUR)
		target->wait = HOUR;
	target->due = moment_ticks() + target->wait;
	log_line(LOG_WARN,
		"the head of the audit records was not sent to %s, and will be in %lld "
		"s: %s",
		name_of(target), (long long)target->wait / 1000, failure);
}

static bool
is_due(const struct target *target)
{
	return !target->handle && moment_ticks() >= target->due;
}

/* ---- files ---- */

static bool
append(const char *path, const struct signed_head *head)
{
	int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	int fd = open(path, flags, 0600);
	struct stat of;
	struct buf line;
	bool good;

	if (fd < 0)
		return false;
	buf_init(&line, NULL, HEAD_LINE_MAX);
	signed_head_write(&line, head);
	buf_char(&line, '\n');
	good = fstat(fd, &of) == 0 && S_ISREG(of.st_mode);
	if (!good)
		errno = EINVAL;
	good = good && write(fd, line.data, line.len) == (ssize_t)line.len &&
	       fsync(fd) == 0;
	buf_release(&line);
	close(fd);
	return good;
}

void
head_targets_append(struct head_targets *targets, const struct signed_head *head)
{
	for (size_t i = 0; i < targets->count; i++) {
		struct target *target = &targets->target[i];

		if (!target->path || !is_due(target))
			continue;
		target->tried = true;
		target->failure[0] = '\0';
		if (!append(target->path, head))
			snprintf(target->failure, sizeof target->failure,
				"it cannot be appended to: %s", strerror(errno));
	}
}

/* ---- mail and webhooks ---- */

static void
note_outcome(void *arg, const struct outcome_report *report)
{
	struct target *target = arg;
	struct head_targets *targets = target->all;

	target->handle = NULL;
	settle(target, report->outcome == OUTCOME_DELIVERED ? "" : report->sentence);
	if (targets->idle && !head_targets_are_busy(targets))
		targets->idle(targets->idle_arg);
}

static void
send_to(struct target *target, const char *line, const struct signed_head *head)
{
	void *life = mem_life(NULL);
	struct pairs *attributes = pairs_new(life);
	const struct event event = {
		.at = head->at.at,
		.reported_at = head->at.at,
		.account = target->all->world.account,
		.device_id = "oneclickd",
		.event_id = mem_format(life, "audit-head-%s-%lld", head->store,
			(long long)head->at.pos),
		.kind = EVENT_KINDS,
	};
	struct parcel parcel = {
		.event = &event,
		.callback = "audit-head",
		.source = "oneclickd",
		.attributes = attributes,
		.attempt = 1,
		.now = moment_now(),
		.timeout = TIMEOUT,
	};
	struct buf body;
	struct json j;

	pairs_set(attributes, "head", line);
	pairs_set(attributes, "subject",
		mem_format(life, "oneclickd: audit head %lld", (long long)head->at.pos));
	buf_init(&body, life, BUF_NO_CAP);
	j = json_to(&body);
	json_open(&j, '{');
	json_member_text(&j, "auditHead", line);
	json_close(&j, '}');
	parcel.json = body.data;
	parcel.json_len = body.len;
	target->handle =
		target->class->send(target->sink, &parcel, note_outcome, target);
	mem_free(life);
}

void
head_targets_send(struct head_targets *targets, const struct signed_head *head)
{
	struct buf line;

	buf_init(&line, NULL, HEAD_LINE_MAX);
	signed_head_write(&line, head);
	for (size_t i = 0; i < targets->count; i++) {
		struct target *target = &targets->target[i];

		if (target->tried) {
			target->tried = false;
			settle(target, target->failure);
		} else if (target->journal && is_due(target)) {
			log_line(LOG_INFO, "%s", line.data);
			target->due = moment_ticks() + HOUR;
		} else if (target->class && is_due(target)) {
			send_to(target, line.data, head);
		}
	}
	buf_release(&line);
}

/* ---- the end ---- */

void
head_targets_hasten(struct head_targets *targets)
{
	for (size_t i = 0; i < targets->count; i++)
		targets->target[i].due = 0;
}

bool
head_targets_are_busy(const struct head_targets *targets)
{
	for (size_t i = 0; i < targets->count; i++)
		if (targets->target[i].handle)
			return true;
	return false;
}

void
head_targets_when_idle(struct head_targets *targets, loop_fn fn, void *arg)
{
	targets->idle = fn;
	targets->idle_arg = arg;
}
