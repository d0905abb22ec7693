/* Boards: the lines of one reading of the configuration. */
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "dispatch_parts.h"
#include "oneclick/base/mem.h"

enum {
	BREAK_FIRST = 1000, /* ms a line is first left alone */
	BREAK_MAX = 30 * 1000,
};

static struct sockaddr_storage *
add_own(struct dispatch *dispatch)
{
	dispatch->own = mem_resize(dispatch, dispatch->own, struct sockaddr_storage,
		dispatch->own_count + 1);
	return &dispatch->own[dispatch->own_count++];
}

/* "127.0.0.1:8080", "[::1]:8080" or "localhost:8080". */
static void
find_own(struct dispatch *dispatch, const char *listen)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE };
	struct addrinfo *found, *at;
	char host[256] = "", port[8] = "";

	if (!listen || strncmp(listen, "fd:", 3) == 0 ||
		(sscanf(listen, "[%255[^]]]:%7s", host, port) != 2 &&
			sscanf(listen, "%255[^:]:%7s", host, port) != 2))
		return;
	if (getaddrinfo(host, port, &hints, &found) != 0)
		return;
	for (at = found; at; at = at->ai_next)
		memcpy(add_own(dispatch), at->ai_addr, at->ai_addrlen);
	freeaddrinfo(found);
}

/* A callback is not to call us.  Names are looked up at the start alone, before anybody
 * waits for the loop: where we listen takes a restart. */
static void
keep_off_own(struct dispatch *dispatch, struct reach *reach)
{
	const struct settings *settings = &dispatch->service->settings;

	if (!dispatch->board) {
		find_own(dispatch, settings->listen);
		find_own(dispatch, settings->mqtt_listen);
	}
	for (size_t i = 0; i < dispatch->own_count; i++)
		reach_keep_off(reach, (const struct sockaddr *)&dispatch->own[i]);
}

static void
set_line(struct board *board, size_t i)
{
	const struct destination *to = &board->table->row[i];

	board->line[i] = (struct line){
		.dispatch = board->dispatch,
		.board = board,
		.to = to,
		/* Until it was looked what waits: the others hear of it by the survey. */
		.due = to->ordered ? 0 : DELIVERY_NONE_DUE,
		.aside = to->ordered,
		.pause = { .first = BREAK_FIRST, .cap = BREAK_MAX },
	};
}

enum err
board_open(struct dispatch *dispatch, struct board **out, struct fault *why)
{
	const struct settings *settings = &dispatch->service->settings;
	struct board *board = mem_new(dispatch, struct board);
	struct reach *reach = NULL;
	enum err err = callbacks_read(
		board, value_get(settings->file, "callbacks"), &reach, why);

	board->dispatch = dispatch;
	board->world = (struct sink_world){
		.loop = dispatch->service->loop,
		.transfers = dispatch->transfers,
		.reach = reach,
		.region = settings->region,
		.account = settings->account,
	};
	if (!err)
		err = destinations_read(board, value_get(settings->file, "destinations"),
			&board->world, &board->table, why);
	if (err) {
		mem_free(board);
		return err;
	}
	keep_off_own(dispatch, reach);
	board->line = mem_array(board, struct line, board->table->count);
	for (size_t i = 0; i < board->table->count; i++)
		set_line(board, i);
	*out = board;
	return ERR_NONE;
}

void
board_close(struct board *board)
{
	destinations_close(board->table);
	mem_free(board);
}

struct line *
board_find(const struct board *board, const char *arn)
{
	const struct destination *to = destinations_find(board->table, arn);

	return to ? &board->line[to - board->table->row] : NULL;
}

void
board_hold(struct board *board)
{
	board->busy++;
}

void
board_release(struct board *board)
{
	struct dispatch *dispatch = board->dispatch;

	if (--board->busy > 0 || board == dispatch->board || dispatch->closing)
		return;
	DL_DELETE(dispatch->retired, board);
	board_close(board);
}
