/*
 * sha256 - SHA-256 (FIPS 180-4) of some octets; the one door to nettle
 */
#ifndef LINT_SHA256_H
#define LINT_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_OCTETS 32

void sha256(const void *data, size_t len, uint8_t out[SHA256_OCTETS]);

#endif
