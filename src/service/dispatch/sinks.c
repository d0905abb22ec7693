#include "sinks.h"

#include <assert.h>

static const struct sink_class *const sinks[] = {
	&sink_webhook,
	&sink_lambda,
	&sink_exec,
	&sink_mqtt,
	&sink_mail,
	&sink_sms,
	&sink_sns,
};

#define SINKS (sizeof sinks / sizeof *sinks)
static_assert(SINKS <= SINKS_MAX, "a destination has room for each sink");

const struct sink_class *
sink_at(size_t n)
{
	return n < SINKS ? sinks[n] : NULL;
}
