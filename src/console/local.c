#include "oneclick/console/local.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"
#include "oneclick/base/text_safe.h"
#include "oneclick/console/config.h"
#include "program.h"

#define LEFT "oneclickd: left " /* and a number of callbacks, when it ends */

enum { START_MS = 15 * 1000 };
enum local_state { LOCAL_STARTING, LOCAL_READY, LOCAL_FAILED };

struct registration {
	struct registration *next;
	struct local *local;
	struct program *program; /* NULL: refused, told by the timer */
	struct loop_timer *timer;
	local_register_fn fn;
	void *arg;
	struct fault refusal;
};

struct local {
	struct loop *loop;
	const char *daemon, *state_dir, *socket, *endpoint, *region, *config;
	bool read_only;
	enum local_state state;
	struct fault why;        /* of LOCAL_FAILED */
	struct program *service; /* NULL: another console's */
	long long left;          /* callbacks it could not send before its end */
	struct loop_timer *timer;
	struct {
		local_ready_fn fn;
		void *arg;
	} listener[LOCAL_LISTENERS];
	size_t listeners;
	struct registration *first;
};

/* ---- places ---------------------------------------------------------------------------
 */

static enum err
make_dirs(const void *ctx, const char *path, struct fault *why)
{
	char *at = mem_text(ctx, path);

	for (char *slash = at + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdir(at, 0700) && errno != EEXIST)
			break;
		*slash = '/';
	}
	if (mkdir(path, 0700) && errno != EEXIST)
		return fault(why, ERR_BROKEN, "%s cannot be made: %s.",
			text_safe_z(ctx, path).text, strerror(errno));
	return ERR_NONE;
}

/* What oneclickd calls it, in its state directory. */
#define STORE_FILE "oneclick.db"

static enum err
check_there(struct local *local, struct fault *why)
{
	if (access(mem_format(local, "%s/" STORE_FILE, local->state_dir), F_OK) == 0)
		return ERR_NONE;
	return fault(why, ERR_NOT_FOUND,
		"There is no service to ask: none is named (--endpoint, --context), and "
		"there is no store of your own in %s. The console (oneclick alone) or "
		"`oneclick device register` makes one.",
		text_safe_z(local, local->state_dir).text);
}

/* A socket is as private as the directory it lies in. */
static enum err
check_private(const void *ctx, const char *path, struct fault *why)
{
	struct stat at;

	if (lstat(path, &at) || !S_ISDIR(at.st_mode) || at.st_uid != geteuid() ||
		(at.st_mode & 077))
		return fault(why, ERR_FORBIDDEN,
			"%s must be a directory of your own that nobody else may enter "
			"(chmod 700): the local service's socket goes there.",
			text_safe_z(ctx, path).text);
	return ERR_NONE;
}

static const char *
find_run_dir(struct local *local, const char *given)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");

	if (given)
		return mem_text(local, given);
	if (runtime && runtime[0] == '/' && !access(runtime, W_OK))
		return mem_format(local, "%s/oneclick", runtime);
	return mem_format(local, "%s/run", local->state_dir);
}

/* One socket a state directory, whatever XDG_RUNTIME_DIR they share. */
static const char *
name_socket(struct local *local, const char *run)
{
	char hex[DIGEST_HEX_SIZE];

	digest_sha256_hex(local->state_dir, strlen(local->state_dir), hex);
	return mem_format(local, "%s/%.12s.sock", run, hex);
}

/* The user's own configuration of it, never the machine's; a throw-away one has none. */
static const char *
find_service_config(struct local *local, const struct local_options *options)
{
	char *home = config_home(local, "XDG_CONFIG_HOME", ".config");
	char *path = home ? mem_format(local, "%s/service.yaml", home) : NULL;

	return !options->state && path && !access(path, F_OK) ? path : "none";
}

static enum err
find_places(struct local *local, const struct local_options *options, struct fault *why)
{
	char *home = config_home(local, "XDG_STATE_HOME", ".local/state");
	const char *run;

	if (!options->state && !home)
		return fault(why, ERR_INVALID,
			"There is no place for the local service's data: set HOME or "
			"XDG_STATE_HOME to an absolute path.");
	local->state_dir = mem_text(local, options->state ? options->state : home);
	if (options->must_be_there && check_there(local, why))
		return ERR_NOT_FOUND;
	run = find_run_dir(local, options->run);
	if (make_dirs(local, local->state_dir, why) || make_dirs(local, run, why) ||
		check_private(local, run, why))
		return ERR_BROKEN;
	local->socket = name_socket(local, run);
	local->config = find_service_config(local, options);
	local->endpoint = mem_format(local, "unix:%s", local->socket);
	return ERR_NONE;
}

/* ---- starting -------------------------------------------------------------------------
 */

/* Local sockets answer at once or not at all. */
static bool
is_served(const struct local *local)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	bool served;
	int fd;

	if (strlen(local->socket) >= sizeof(to.sun_path))
		return false;
	strcpy(to.sun_path, local->socket);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	served = fd >= 0 && !connect(fd, (struct sockaddr *)&to, sizeof(to));
	if (fd >= 0)
		close(fd);
	return served;
}

/* A listener may wait again for what comes next: each is taken off before it is told. */
static void
settle(struct local *local, enum local_state state)
{
	size_t count = local->listeners;

	local->state = state;
	loop_timer_clear(local->timer);
	for (; count > 0; count--) {
		local_ready_fn fn = local->listener[0].fn;
		void *arg = local->listener[0].arg;

		local->listeners--;
		memmove(&local->listener[0], &local->listener[1],
			local->listeners * sizeof(local->listener[0]));
		fn(arg, local->why.code, local->why.code ? &local->why : NULL);
	}
}

/* The timer serves both ends: too late while starting, and telling what is known. */
static void
on_timer(void *arg)
{
	struct local *local = arg;

	if (local->state != LOCAL_STARTING) {
		settle(local, local->state);
		return;
	}
	fault(&local->why, ERR_LINK,
		"The local service did not become ready within %d seconds.",
		START_MS / 1000);
	settle(local, LOCAL_FAILED);
}

static void
on_line(void *arg, const char *line)
{
	struct local *local = arg;

	if (local->state == LOCAL_STARTING && !strncmp(line, "oneclickd: ready", 16))
		settle(local, LOCAL_READY);
	if (!strncmp(line, LEFT, sizeof(LEFT) - 1))
		local->left = atoll(line + sizeof(LEFT) - 1);
}

static const char *
last_line(const void *ctx, const char *output)
{
	char *text = mem_text(ctx, output), *line;
	size_t n = strlen(text);

	while (n > 0 && text[n - 1] == '\n')
		text[--n] = '\0';
	line = strrchr(text, '\n');
	line = line ? line + 1 : text;
	if (!strncmp(line, "oneclickd: ", 11))
		line += 11;
	return text_safe_z(ctx, line).text;
}

/* It gives way when another console was quicker to start one. */
static void
on_end(void *arg, int status, const char *output)
{
	struct local *local = arg;
	const char *said = last_line(local, output);

	program_drop(local->service);
	local->service = NULL;
	if (local->state == LOCAL_STARTING && is_served(local)) {
		settle(local, LOCAL_READY);
		return;
	}
	fault(&local->why, ERR_LINK, "The local service ended with status %d%s%s", status,
		*said ? ": " : ".", said);
	settle(local, LOCAL_FAILED);
}

static enum err
spawn(struct local *local, struct fault *why)
{
	const char *argv[] = { local->daemon, "--socket", local->socket, "--state",
		local->state_dir, "--region", local->region, "--config", local->config,
		"--with-parent", NULL };
	struct program_hooks hooks = { .line = on_line, .end = on_end, .arg = local };

	loop_timer_set(local->timer, START_MS, 0);
	return program_start(local->loop, argv, &hooks, &local->service, why);
}

static enum err
find_or_spawn(struct local *local, struct fault *why)
{
	local->daemon = program_find(local, "oneclickd");
	if (!local->daemon)
		return fault(why, ERR_NOT_FOUND,
			"The local service cannot start: there is no oneclickd beside "
			"oneclick or in PATH. Install it, or name a service with "
			"--endpoint.");
	if (!is_served(local))
		return spawn(local, why);
	local->state = LOCAL_READY;
	return ERR_NONE;
}

enum err
local_start(const void *ctx, struct loop *loop, const struct local_options *options,
	struct local **out, struct fault *why)
{
	struct local *local = mem_new(ctx, struct local);
	enum err err;

	local->loop = loop;
	local->region = mem_text(local, options->region);
	local->read_only = options->read_only;
	local->timer = loop_timer_new(loop, on_timer, local);
	err = find_places(local, options, why);
	if (!err)
		err = find_or_spawn(local, why);
	if (err)
		local_stop(local);
	else
		*out = local;
	return err;
}

/* ---- registering ----------------------------------------------------------------------
 */

static void
take_out(struct registration *registration)
{
	struct registration **at = &registration->local->first;

	while (*at != registration)
		at = &(*at)->next;
	*at = registration->next;
	if (registration->timer)
		loop_timer_stop(registration->timer);
}

static void
forget(struct registration *registration)
{
	take_out(registration);
	program_drop(registration->program);
	mem_free(registration);
}

/* It was started for us, and nobody else would hear. */
static void
tell_left(const struct local *local)
{
	if (local->left == 0)
		return;
	fprintf(stderr,
		"oneclick: %lld %s not delivered; %s in %s and will be sent when its "
		"service runs again.\n",
		local->left, local->left == 1 ? "callback was" : "callbacks were",
		local->left == 1 ? "it waits" : "they wait",
		text_safe_z(local, local->state_dir).text);
}

void
local_stop(struct local *local)
{
	if (!local)
		return;
	while (local->first)
		forget(local->first);
	loop_timer_stop(local->timer);
	local->state = LOCAL_FAILED; /* nobody hears of it any more */
	program_end(local->service);
	tell_left(local);
	mem_free(local);
}

void
local_when_ready(struct local *local, local_ready_fn fn, void *arg)
{
	assert(local->listeners < LOCAL_LISTENERS);
	local->listener[local->listeners].fn = fn;
	local->listener[local->listeners++].arg = arg;
	if (local->state != LOCAL_STARTING)
		loop_timer_set(local->timer, 0, 0);
}

const char *
local_endpoint(const struct local *local)
{
	return local->endpoint;
}

/* The fault and the output are the registration's; it goes after the callback. */
static void
finish(struct registration *registration, enum err code, const char *output)
{
	take_out(registration);
	registration->fn(registration->arg, code, code ? NULL : output,
		code ? &registration->refusal : NULL);
	program_drop(registration->program);
	mem_free(registration);
}

static void
on_registered(void *arg, int status, const char *output)
{
	struct registration *registration = arg;
	enum err code = ERR_NONE;

	if (status != 0)
		code = fault(&registration->refusal, ERR_INVALID, "%s",
			last_line(registration, output));
	finish(registration, code, output);
}

static void
on_refused(void *arg)
{
	struct registration *registration = arg;

	finish(registration, registration->refusal.code, NULL);
}

static enum err
spawn_register(struct registration *registration, const char *id, const char *claim_code,
	const char *csv_path)
{
	struct local *local = registration->local;
	const char *argv[10] = { local->daemon, "device", "register", "--state",
		local->state_dir };
	struct program_hooks hooks = { .end = on_registered, .arg = registration };
	size_t n = 5;

	if (local->read_only)
		return fault(&registration->refusal, ERR_FORBIDDEN,
			"Registering changes something, and this session is read-only.");
	if (!id)
		argv[n++] = "--csv";
	argv[n++] = id ? id : csv_path;
	if (id && claim_code) {
		argv[n++] = "--claim-code";
		argv[n++] = claim_code;
	}
	return program_start(local->loop, argv, &hooks, &registration->program,
		&registration->refusal);
}

void
local_register(struct local *local, const char *id, const char *claim_code,
	const char *csv_path, local_register_fn fn, void *arg)
{
	struct registration *registration = mem_new(NULL, struct registration);

	registration->local = local;
	registration->fn = fn;
	registration->arg = arg;
	registration->next = local->first;
	local->first = registration;
	if (!spawn_register(registration, id, claim_code, csv_path))
		return;
	registration->timer = loop_timer_new(local->loop, on_refused, registration);
	loop_timer_set(registration->timer, 0, 0);
}
