/* Signing keys of a day, kept so that a request costs one HMAC of it and not four.  Any
 * thread may ask. */
#ifndef ONECLICK_SERVICE_AUTH_DAY_KEY_H
#define ONECLICK_SERVICE_AUTH_DAY_KEY_H

#include "oneclick/api/sign.h"

void day_key(const char *secret, const struct sign_scope *scope,
	unsigned char key[DIGEST_SIZE]);

#endif
