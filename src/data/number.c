#include "oneclick/data/number.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oneclick/base/mem.h"

enum { LONGEST = 512 }; /* bytes of a number we look at */

static locale_t plain; /* where the decimal point is a point */

static void
make_plain(void)
{
	plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
	if (!plain)
		mem_abort("the C locale is missing");
}

static locale_t
plain_locale(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_plain);
	return plain;
}

static size_t
span_digits(const char *text, size_t n, size_t at)
{
	while (at < n && text[at] >= '0' && text[at] <= '9')
		at++;
	return at;
}

static size_t
span_exponent(const char *text, size_t n, size_t at)
{
	size_t digits = at + 1;

	if (at == n || (text[at] != 'e' && text[at] != 'E'))
		return at;
	if (digits < n && (text[digits] == '+' || text[digits] == '-'))
		digits++;
	at = span_digits(text, n, digits);
	return at > digits ? at : 0;
}

size_t
number_span(const char *text, size_t n, bool *is_whole)
{
	size_t first = n > 0 && text[0] == '-' ? 1 : 0;
	size_t at = span_digits(text, n, first), point;

	if (at == first || (text[first] == '0' && at > first + 1))
		return 0;
	point = at;
	if (at < n && text[at] == '.') {
		at = span_digits(text, n, point + 1);
		if (at == point + 1)
			return 0;
	}
	at = span_exponent(text, n, at);
	*is_whole = at == point;
	return at;
}

bool
number_read_int(const char *text, size_t n, int64_t *whole)
{
	bool below = n > 0 && text[0] == '-';
	size_t i = below ? 1 : 0;
	int64_t sum = 0;

	if (i == n)
		return false;
	for (; i < n; i++) {
		int digit = text[i] - '0';

		if (digit < 0 || digit > 9 || __builtin_mul_overflow(sum, 10, &sum) ||
			__builtin_sub_overflow(sum, digit, &sum))
			return false;
	}
	if (!below && sum == INT64_MIN)
		return false;
	*whole = below ? sum : -sum;
	return true;
}

bool
number_read(const char *text, size_t n, double *number)
{
	char copy[LONGEST];
	bool is_whole;
	double read;

	if (n == 0 || n >= sizeof(copy) || number_span(text, n, &is_whole) != n)
		return false;
	memcpy(copy, text, n);
	copy[n] = '\0';
	read = strtod_l(copy, NULL, plain_locale());
	if (!isfinite(read))
		return false;
	*number = read;
	return true;
}

/*
 * The common case without the C library: up to four decimals.  The quotient of two whole
 * numbers a double holds exactly is rounded like the text of it would be, so that
 * equality proves the text reads back the same.
 */
static bool
write_short(double number, char out[NUMBER_SIZE])
{
	enum { SCALE = 10000 };
	char digits[24], *at = digits + sizeof(digits);
	int64_t scaled;
	int left = 4;

	if (!(number >= 0.001 && number < 1e9))
		return false;
	scaled = llround(number * SCALE);
	if ((double)scaled / SCALE != number)
		return false;
	for (; left > 0 && scaled % 10 == 0; left--)
		scaled /= 10;
	*--at = '\0';
	for (int place = 0; scaled > 0 || place <= left; place++, scaled /= 10) {
		if (place == left && left > 0)
			*--at = '.';
		*--at = (char)('0' + scaled % 10);
		if (left == 0 && scaled < 10)
			break;
	}
	memcpy(out, at, (size_t)(digits + sizeof(digits) - at));
	return true;
}

void
number_write(double number, char out[NUMBER_SIZE])
{
	locale_t before;

	number += 0.0; /* of two noughts one has a sign, and is no other number */
	if (write_short(number, out))
		return;
	before = uselocale(plain_locale());
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(out, NUMBER_SIZE, "%.*g", digits, number);
		if (strtod(out, NULL) == number)
			break;
	}
	uselocale(before);
}
