/* What clients of ours offer to others, as OpenSSL writes it: of TLS 1.2 only what 1.3 kept,
 * authenticated encryption with forward secrecy (RFC 9325, 4.2). tls.c says the same of our
 * own ports. */
#ifndef ONECLICK_SRC_NET_TLS_SUITES_H
#define ONECLICK_SRC_NET_TLS_SUITES_H

#define TLS_SUITES "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AESCCM:!AESCCM8"

#endif
