#include "oneclick/model/product.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "oneclick/base/mem.h"

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

enum { PREFIX = 6, ID_MIN = 4, ID_MAX = 32, DAY = 24 * 60 * 60 * 1000 };

/* prefix, name, rated clicks, rated days, sold with claim codes, supported */
static const struct product products[] = {
	{ "G030PM", "AWS IoT Enterprise Button", 2000, 0, false, true },
	{ "B9GHXT", "AT&T LTE-M Button", 0, 0, true, true },
	{ "7MF6JK", "SORACOM LTE-M Button powered by AWS", 1500, 365, false, true },
	{ "P5SJVQ", "Seeed IoT Button for AWS", 0, 0, false, true },
	{ "G030JF", "AWS IoT Button", 0, 0, false, false },
	{ "G030MD", "AWS IoT Button", 0, 0, false, false },
	{ "G030PT", "AWS IoT Button", 0, 0, false, false },
};
enum { PRODUCTS = sizeof products / sizeof *products };

const struct product *
product_of(const char *device_id)
{
	for (size_t i = 0; i < PRODUCTS; i++)
		if (strncmp(device_id, products[i].prefix, PREFIX) == 0)
			return &products[i];
	return NULL;
}

/* Rounded to what a person would write, so that 99.95 is the double nearest to it. */
static double
find_percent(double used)
{
	double left = used >= 1 ? 0 : 100 * (1 - used);
	return round(left * 1e6) / 1e6;
}

double
product_life(const struct product *product, int64_t clicks, int64_t first, int64_t now)
{
	double life = 100;
	if (product != NULL && product->rated_clicks > 0)
		life = find_percent((double)clicks / product->rated_clicks);
	if (product != NULL && product->rated_days > 0 && first > 0 && now > first) {
		int64_t days = (now - first) / DAY;
		life = fmin(life, find_percent((double)days / product->rated_days));
	}
	return life;
}

enum err
device_id_check(const char *device_id, struct fault *why)
{
	size_t n = strlen(device_id);
	if (n > ID_MAX)
		return fault(why, ERR_INVALID,
			"A device ID has at most %d letters; this one "
			"has %zu.",
			ID_MAX, n);
	if (n < ID_MIN)
		return fault(why, ERR_INVALID,
			"A device ID begins with a prefix of %d "
			"letters; '%s' is too short.",
			ID_MIN, device_id);
	if (strspn(device_id, LETTERS DIGITS "-_.:") != n)
		return fault(why, ERR_INVALID,
			"A device ID has only letters, digits, '-', "
			"'_', '.' and ':'; '%s' has others.",
			device_id);
	const struct product *product = product_of(device_id);
	if (product != NULL && !product->supported)
		return fault(why, ERR_INVALID,
			"Device %s is an AWS IoT Button, which "
			"AWS IoT 1-Click does not support: serial "
			"numbers that begin with G030JF, G030MD or "
			"G030PT come in by the profile "
			"aws-iot-button-gen1, which calls it AWSB%s.",
			device_id, device_id);
	return ERR_NONE;
}

static char
fold_letter(char c)
{
	return (char)(c == 'O' ? '0' : c == 'I' ? '1' : c);
}

static bool
looks_like(const char *device_id, const char *prefix)
{
	for (size_t i = 0; i < PREFIX; i++)
		if (fold_letter(device_id[i]) != fold_letter(prefix[i]))
			return false;
	return true;
}

char *
device_id_mend(const void *ctx, const char *device_id)
{
	if (strlen(device_id) < PREFIX || product_of(device_id) != NULL)
		return NULL;
	for (size_t i = 0; i < PRODUCTS; i++)
		if (products[i].supported && looks_like(device_id, products[i].prefix))
			return mem_format(
				ctx, "%s%s", products[i].prefix, device_id + PREFIX);
	return NULL;
}

bool
claim_code_is_well_formed(const char *code)
{
	size_t n = strlen(code);
	return n >= 12 && n <= 40 && strncmp(code, "C-", 2) == 0 &&
	       strspn(code, LETTERS DIGITS "-") == n;
}
