#include "oneclick/base/moment.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* 9999-12-31T23:59:59.999Z */
#define LAST_MOMENT INT64_C(253402300799999)

enum { DAY_SECONDS = 24 * 60 * 60 };

static int64_t
read_clock(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t
read_system(void)
{
	return read_clock(CLOCK_REALTIME);
}

static _Atomic(moment_clock_fn) clock_now = read_system;

int64_t
moment_now(void)
{
	return atomic_load_explicit(&clock_now, memory_order_relaxed)();
}

void
moment_set_clock(moment_clock_fn clock)
{
	atomic_store(&clock_now, clock ? clock : read_system);
}

int64_t
moment_ticks(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

int64_t
moment_uptime(void)
{
	return read_clock(CLOCK_BOOTTIME);
}

int64_t
moment_micros(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* A moment no calendar of four digits can show is shown as the nearest that one can. */
static struct tm
split(int64_t at, int *ms)
{
	struct tm parts;
	time_t seconds;

	at = at < 0 ? 0 : at > LAST_MOMENT ? LAST_MOMENT : at;
	seconds = (time_t)(at / 1000);
	*ms = (int)(at % 1000);
	gmtime_r(&seconds, &parts);
	return parts;
}

static char *
put_digits(char *out, int number, int digits)
{
	for (int i = digits - 1; i >= 0; i--) {
		out[i] = (char)('0' + number % 10);
		number /= 10;
	}
	return out + digits;
}

static char *
put_char(char *out, char c)
{
	*out = c;
	return out + 1;
}

void
moment_to_iso(int64_t at, char out[MOMENT_ISO_SIZE])
{
	int ms;
	struct tm tm = split(at, &ms);

	out = put_char(put_digits(out, tm.tm_year + 1900, 4), '-');
	out = put_char(put_digits(out, tm.tm_mon + 1, 2), '-');
	out = put_char(put_digits(out, tm.tm_mday, 2), 'T');
	out = put_char(put_digits(out, tm.tm_hour, 2), ':');
	out = put_char(put_digits(out, tm.tm_min, 2), ':');
	out = put_char(put_digits(out, tm.tm_sec, 2), '.');
	out = put_char(put_digits(out, ms, 3), 'Z');
	*out = '\0';
}

void
moment_to_basic(int64_t at, char out[MOMENT_BASIC_SIZE])
{
	int ms;
	struct tm tm = split(at, &ms);

	out = put_digits(out, tm.tm_year + 1900, 4);
	out = put_digits(out, tm.tm_mon + 1, 2);
	out = put_char(put_digits(out, tm.tm_mday, 2), 'T');
	out = put_digits(out, tm.tm_hour, 2);
	out = put_digits(out, tm.tm_min, 2);
	out = put_char(put_digits(out, tm.tm_sec, 2), 'Z');
	*out = '\0';
}

static bool
take_char(const char **at, char c)
{
	if (**at != c)
		return false;
	++*at;
	return true;
}

/* One of these letters. */
static bool
take_any(const char **at, const char *letters)
{
	if (!**at || !strchr(letters, **at))
		return false;
	++*at;
	return true;
}

static bool
take_digits(const char **at, int digits, int *number)
{
	*number = 0;
	for (; digits > 0; digits--, ++*at) {
		if (**at < '0' || **at > '9')
			return false;
		*number = *number * 10 + (**at - '0');
	}
	return true;
}

/* Up to nine decimals; what is finer than a millisecond is dropped. */
static bool
take_decimals(const char **at, int *ms)
{
	int digits = 0, unit = 100;

	*ms = 0;
	if (!take_any(at, ".,"))
		return true;
	for (; **at >= '0' && **at <= '9'; ++*at, digits++, unit /= 10)
		*ms += (**at - '0') * unit;
	return digits > 0 && digits <= 9;
}

static bool
take_offset(const char **at, int *minutes)
{
	bool west = **at == '-';
	int h, m = 0;

	*minutes = 0;
	if (take_any(at, "Zz"))
		return true;
	if (!take_any(at, "+-") || !take_digits(at, 2, &h))
		return false;
	if (**at && (take_char(at, ':'), !take_digits(at, 2, &m)))
		return false;
	if (h > 23 || m > 59)
		return false;
	*minutes = west ? -(h * 60 + m) : h * 60 + m;
	return true;
}

static bool
is_date(struct tm parts)
{
	struct tm same = {
		.tm_year = parts.tm_year, .tm_mon = parts.tm_mon, .tm_mday = parts.tm_mday
	};

	timegm(&same);
	return same.tm_mon == parts.tm_mon && same.tm_mday == parts.tm_mday;
}

/* 24:00:00 is the end of its day. Second 60 is one that was put in at the end of a UTC day;
 * POSIX has no moment for it and gives it that of the second after it. */
static bool
is_time(const struct tm *parts, int ms, int64_t midnight_off)
{
	if (parts->tm_hour == 24)
		return parts->tm_min == 0 && parts->tm_sec == 0 && ms == 0;
	if (parts->tm_sec == 60)
		return midnight_off == 0;
	return parts->tm_hour < 24 && parts->tm_min < 60 && parts->tm_sec < 60;
}

/* The parts as a moment, if they name a real date and time. */
static bool
join(struct tm parts, int ms, int minutes_east, int64_t *at)
{
	struct tm same = parts;
	int64_t seconds = (int64_t)timegm(&same) - (int64_t)minutes_east * 60;
	int64_t moment = seconds * 1000 + ms;

	if (!is_date(parts) || !is_time(&parts, ms, seconds % DAY_SECONDS))
		return false;
	if (moment < 0 || moment > LAST_MOMENT)
		return false;
	*at = moment;
	return true;
}

static bool
take_date(const char **at, bool dashes, struct tm *tm)
{
	if (!take_digits(at, 4, &tm->tm_year) || (dashes && !take_char(at, '-')) ||
		!take_digits(at, 2, &tm->tm_mon) || (dashes && !take_char(at, '-')) ||
		!take_digits(at, 2, &tm->tm_mday))
		return false;
	tm->tm_year -= 1900;
	tm->tm_mon -= 1;
	return true;
}

static bool
take_time(const char **at, bool colons, struct tm *tm)
{
	return take_digits(at, 2, &tm->tm_hour) && (!colons || take_char(at, ':')) &&
	       take_digits(at, 2, &tm->tm_min) && (!colons || take_char(at, ':')) &&
	       take_digits(at, 2, &tm->tm_sec);
}

bool
moment_from_iso(const char *text, int64_t *at)
{
	struct tm tm = { 0 };
	int ms = 0, minutes_east = 0;

	if (!text || !take_date(&text, true, &tm))
		return false;
	if (*text == '\0')
		return join(tm, 0, 0, at);
	if (!take_any(&text, "Tt ") || !take_time(&text, true, &tm) ||
		!take_decimals(&text, &ms) || !take_offset(&text, &minutes_east))
		return false;
	return *text == '\0' && join(tm, ms, minutes_east, at);
}

bool
moment_from_basic(const char *text, int64_t *at)
{
	struct tm tm = { 0 };

	if (!text || !take_date(&text, false, &tm) || !take_char(&text, 'T') ||
		!take_time(&text, false, &tm) || !take_char(&text, 'Z'))
		return false;
	/* It is signed as text, so a second has one spelling. */
	if (tm.tm_hour > 23 || tm.tm_sec > 59)
		return false;
	return *text == '\0' && join(tm, 0, 0, at);
}
