/*
 * The operator's log: one line an occurrence, on standard error, made safe for a
 * terminal.  The console has a screen there and never logs.
 */
#ifndef ONECLICK_BASE_LOG_H
#define ONECLICK_BASE_LOG_H

#include <stdio.h>

enum log_level { LOG_INFO, LOG_WARN, LOG_ERROR };

void log_to(FILE *stream); /* default stderr; NULL silences */
/* When standard error is the journal (systemd's JOURNAL_STREAM says so), which has moment
 * and level itself: lines begin with its priority, "<4>", instead. */
void log_for_journal(void);
void log_line(enum log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Of what is tried again by itself, or by anyone: in the very same words it is said once a
 * minute, with how often it came between. */
void log_retry(enum log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
