#include "lint/sha256.h"

#include <nettle/sha2.h>

void
sha256(const void *data, size_t len, uint8_t out[SHA256_OCTETS])
{
	struct sha256_ctx context;

	sha256_init(&context);
	sha256_update(&context, len, data);
	sha256_digest(&context, SHA256_OCTETS, out);
}
