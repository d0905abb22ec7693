/* The sinks, each in a file of its own; sinks.c lists them. */
#ifndef ONECLICK_SRC_SERVICE_DISPATCH_SINKS_H
#define ONECLICK_SRC_SERVICE_DISPATCH_SINKS_H

#include "oneclick/service/sink.h"

enum { SINKS_MAX = 16 };

extern const struct sink_class sink_webhook;

#endif
