/* The sinks, each in a file of its own; sinks.c lists them. */
#ifndef ONECLICK_SRC_SERVICE_DISPATCH_SINKS_H
#define ONECLICK_SRC_SERVICE_DISPATCH_SINKS_H

#include "oneclick/service/sink.h"

enum { SINKS_MAX = 16 };

extern const struct sink_class sink_webhook, sink_lambda, sink_exec, sink_mqtt, sink_mail,
	sink_sms, sink_sns;
extern const struct sink_class sink_lambda;
extern const struct sink_class sink_sns;
extern const struct sink_class sink_sms;
extern const struct sink_class sink_mail;
extern const struct sink_class sink_exec;
extern const struct sink_class sink_mqtt;

#endif
