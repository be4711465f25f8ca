/*
 * fuzz_json - any octets as JSON: places never go back, what is opened is closed, and the
 * tokens are the same however the text is cut
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "load/json.h"

struct text {
	const uint8_t *at;
	size_t left, piece;
};

static enum status
give(void *context, char *buf, size_t room, size_t *len)
{
	struct text *text = context;

	*len = text->left < text->piece ? text->left : text->piece;
	*len = *len < room ? *len : room;
	memcpy(buf, text->at, *len);
	text->at += *len;
	text->left -= *len;
	return OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text whole = { data, size, JSON_WINDOW }, cut = { data, size, 3 };
	struct json a, b;
	struct arena arena;
	struct diags diags;
	enum json_token token;
	uint64_t offset = 0;

	if (!size)
		whole.at = cut.at = (const uint8_t *)"";
	arena_init(&arena, SIZE_MAX);
	diags_init(&diags, &arena, 0);
	if (json_init(&a, "a", give, &whole, &diags) == OK &&
	    json_init(&b, "b", give, &cut, &diags) == OK) {
		do {
			token = json_next(&a);
			require(token == json_next(&b));
			require(a.offset == b.offset && a.line == b.line && a.column == b.column);
			require(a.offset >= offset && a.offset <= size && a.line && a.column);
			require(a.depth <= JSON_MAX_DEPTH);
			offset = a.offset;
			if (token == JSON_KEY || token == JSON_STRING || token == JSON_NUMBER)
				require(a.len == b.len && memcmp(a.text, b.text, a.len) == 0);
		} while (token != JSON_FAILED && token != JSON_END);
		require((token == JSON_FAILED) == (diags.errors == 2));
		require(token == JSON_FAILED || !a.depth);
		json_fini(&b);
	}
	json_fini(&a);
	arena_fini(&arena);
	return 0;
}
