#include "oneclick/console/times.h"

#include <time.h>

const char *
times_name(enum times_look look)
{
	static const char *const names[TIMES_LOOKS] = { "ages", "local", "UTC" };

	return names[look];
}

struct safe_text
times_span(const void *ctx, int64_t ms)
{
	int64_t s = ms > 0 ? ms / 1000 : 0;

	if (s < 60)
		return text_safe_format(ctx, "%ds", (int)s);
	if (s < 3600)
		return text_safe_format(ctx, "%dm", (int)(s / 60));
	if (s < 2 * 86400)
		return text_safe_format(ctx, "%dh", (int)(s / 3600));
	return text_safe_format(ctx, "%lldd", (long long)(s / 86400));
}

/* Ages move on by the minute, so that a screen at rest sends next to nothing. */
static struct safe_text
write_age(const void *ctx, int64_t ms)
{
	return ms < 60000 ? SAFE("now") : times_span(ctx, ms);
}

static struct tm
break_down(const struct times *times, int64_t at)
{
	time_t seconds = (time_t)(at / 1000);
	struct tm tm;

	if (times->look == TIMES_UTC)
		gmtime_r(&seconds, &tm);
	else
		localtime_r(&seconds, &tm);
	return tm;
}

struct safe_text
times_short(const struct times *times, const void *ctx, int64_t at)
{
	struct tm tm = break_down(times, at);

	if (!at)
		return SAFE("-");
	if (times->look == TIMES_AGE)
		return write_age(ctx, times->now - at);
	return text_safe_format(ctx, "%02d-%02d %02d:%02d", tm.tm_mon + 1, tm.tm_mday,
		tm.tm_hour, tm.tm_min);
}

struct safe_text
times_of_day(const struct times *times, const void *ctx, int64_t at)
{
	struct tm tm = break_down(times, at);

	return text_safe_format(ctx, "%02d:%02d:%02d.%03d", tm.tm_hour, tm.tm_min,
		tm.tm_sec, (int)(at % 1000));
}

struct safe_text
times_long(const struct times *times, const void *ctx, int64_t at)
{
	struct tm tm = break_down(times, at);
	const char *zone = times->look == TIMES_UTC ? "UTC" : tm.tm_zone;

	if (!at)
		return SAFE("-");
	return text_safe_format(ctx, "%04d-%02d-%02d %02d:%02d:%02d %s (%s ago)",
		tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
		tm.tm_sec, zone, times_span(ctx, times->now - at).text);
}
