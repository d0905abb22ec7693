/* The port: what the app may do to the world outside its state.  The console's own goes
 * to the client, the local service and the terminal; a test's writes down what was asked.
 */
#ifndef ONECLICK_CONSOLE_PORT_H
#define ONECLICK_CONSOLE_PORT_H

#include <stdbool.h>

#include "oneclick/api/ask.h"
#include "oneclick/api/extra.h"
#include "oneclick/api/op.h"

struct request;

struct port {
	void *arg;
	/* Each ends in one message about the request (MSG_REPLY, of `know` MSG_KNOWN),
	 * sent later. */
	void (*call)(
		void *arg, struct request *request, enum op op, const struct ask *ask);
	void (*extra)(void *arg, struct request *request, enum extra extra,
		const char *query, const char *body);
	void (*press)(void *arg, struct request *request, const char *device_id,
		const char *click);
	void (*know)(void *arg, struct request *request, const char *device_id);
	void (*cancel)(
		void *arg, struct request *request); /* no message comes any more */
	void (*retry)(void *arg);                    /* connect at once */
	void (*copy)(void *arg, const char *text);
	void (*repaint)(void *arg);
	void (*mouse)(void *arg, bool on);
	void (*demo)(void *arg); /* opens a throw-away demo fleet instead of this one */
};

#endif
