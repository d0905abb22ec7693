/* Who an HTTP sender of a profile's messages is: each way of proving it is one row. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "intake.h"
#include "oneclick/base/base64.h"
#include "oneclick/base/digest.h"
#include "oneclick/base/mem.h"

/* The value after "SCHEME " of the Authorization header, or NULL. */
static const char *
find_credentials(const struct request *request, const char *scheme)
{
	const char *value = request_header(request, "Authorization");
	size_t n = strlen(scheme);

	if (!value || strncasecmp(value, scheme, n) != 0 || value[n] != ' ')
		return NULL;
	value += n + 1;
	return *value ? value : NULL;
}

static bool
is_same(const char *shown, const char *secret)
{
	unsigned char a[DIGEST_SIZE], b[DIGEST_SIZE];

	/* Of the digests, so that not even the secret's length can be found out. */
	digest_sha256(shown, strlen(shown), a);
	digest_sha256(secret, strlen(secret), b);
	return digest_is_equal(a, b, sizeof a);
}

static const char *
check_bearer(const struct request *request, const char *secret, int64_t clock_skew)
{
	const char *shown = find_credentials(request, "Bearer");

	(void)clock_skew;
	return shown && is_same(shown, secret)
		       ? NULL
		       : "Send the profile's secret as \"Authorization: Bearer SECRET\".";
}

/* The secret is "user:password". */
static const char *
check_basic(const struct request *request, const char *secret, int64_t clock_skew)
{
	const char *shown = find_credentials(request, "Basic");
	struct buf wanted;
	bool is;

	(void)clock_skew;
	buf_init(&wanted, NULL, BUF_NO_CAP);
	base64_encode(&wanted, secret, strlen(secret));
	is = shown && is_same(shown, wanted.data);
	buf_release(&wanted);
	return is ? NULL
		  : "Send the profile's user and password as \"Authorization: Basic\".";
}

/*
 * SORACOM Beam, signature version 20151001: SHA-256 over the pre-shared key and, in this
 * order, "name=value" of those of its headers that were sent (SORACOM's developer
 * documentation, "Beam: Signature Verification").  It does not cover the body, so an old
 * signature must not do: the time that it does cover is held against our clock.
 */
static const char *const beam_signed[] = { "x-soracom-imei", "x-soracom-imsi",
	"x-soracom-lora-device-id", "x-soracom-msisdn", "x-soracom-operator-id",
	"x-soracom-sigfox-device-id", "x-soracom-sim-id", "x-soracom-timestamp" };

static void
sign_beam(const struct request *request, const char *secret, char out[DIGEST_HEX_SIZE])
{
	struct buf text;

	buf_init(&text, NULL, BUF_NO_CAP);
	buf_text(&text, secret);
	for (size_t i = 0; i < sizeof beam_signed / sizeof *beam_signed; i++) {
		const char *value = request_header(request, beam_signed[i]);

		if (value)
			buf_format(&text, "%s=%s", beam_signed[i], value);
	}
	digest_sha256_hex(text.data, text.len, out);
	buf_release(&text);
}

static const char *
check_beam(const struct request *request, const char *secret, int64_t clock_skew)
{
	const char *shown = request_header(request, "x-soracom-signature");
	const char *time = request_header(request, "x-soracom-timestamp");
	char wanted[DIGEST_HEX_SIZE];
	int64_t off;

	if (!shown || !time)
		return "Let Beam add the signature header (x-soracom-signature).";
	sign_beam(request, secret, wanted);
	if (!is_same(shown, wanted))
		return "The signature is not one by the pre-shared key given here.";
	off = request->at - strtoll(time, NULL, 10);
	return off > clock_skew || off < -clock_skew
		       ? "The signature is of another time; look at both clocks."
		       : NULL;
}

/* NULL, or why not. */
typedef const char *(*check_fn)(
	const struct request *request, const char *secret, int64_t clock_skew);
static const check_fn checks[] = {
	[VERIFY_BEARER] = check_bearer,
	[VERIFY_BASIC] = check_basic,
	[VERIFY_SORACOM_BEAM] = check_beam,
};

static enum err
check_token(const struct request *request, const char **token, struct fault *why)
{
	*token = find_credentials(request, "Bearer");
	if (*token)
		return ERR_NONE;
	return fault(why, ERR_FORBIDDEN,
		"Send the device's token as \"Authorization: Bearer TOKEN\".");
}

enum err
intake_verify(const struct intake *intake, const struct profile *profile,
	enum profile_verify verify, const struct request *request, int64_t clock_skew,
	const char **token, struct fault *why)
{
	const char *name = profile_name(profile);
	const char *secret = pairs_get(intake->kit->secrets, name), *wrong;

	*token = NULL;
	if (verify == VERIFY_TOKEN)
		return check_token(request, token, why);
	if (!secret)
		return fault(why, ERR_FORBIDDEN,
			"Nothing is taken by the profile %s before its secret is given "
			"in "
			"the configuration (profiles: secrets).",
			name);
	wrong = checks[verify](request, secret, clock_skew);
	return wrong ? fault(why, ERR_FORBIDDEN, "%s", wrong) : ERR_NONE;
}
