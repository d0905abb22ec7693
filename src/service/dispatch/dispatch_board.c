/* Boards: the lines of one reading of the configuration. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>

#include "dispatch_parts.h"
#include "oneclick/base/mem.h"

enum {
	BREAK_FIRST = 1000, /* ms a line is first left alone */
	BREAK_MAX = 30 * 1000,
};

/* "127.0.0.1:8080" or "[::1]:8080": a callback is not to call us. */
static void
keep_off_ourselves(struct reach *reach, const char *listen)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	char host[64] = "";
	int port = 0;

	if (!listen)
		return;
	if (sscanf(listen, "[%63[^]]]:%d", host, &port) == 2 &&
		inet_pton(AF_INET6, host, &six.sin6_addr) == 1) {
		six.sin6_port = htons((uint16_t)port);
		reach_keep_off(reach, (const struct sockaddr *)&six);
	} else if (sscanf(listen, "%63[^:]:%d", host, &port) == 2 &&
		   inet_pton(AF_INET, host, &four.sin_addr) == 1) {
		four.sin_port = htons((uint16_t)port);
		reach_keep_off(reach, (const struct sockaddr *)&four);
	}
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
	keep_off_ourselves(reach, settings->listen);
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
