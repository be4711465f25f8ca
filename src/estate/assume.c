#include "estate/assume.h"

#include <assert.h>

static const struct assume_point points[ASSUME_POINTS] = {
#define POINT(point, key, type, least, most, words, text, fallback, sheet, meaning)	\
	[ASSUME_##point] = { #key, least, most, fallback, sheet, meaning,		\
			     (const struct assume_word[])ASSUME_WORDS words },
	ASSUME_TABLE(POINT)
#undef POINT
};

const struct assume_point *
assume_point(enum assume point)
{
	assert(point < ASSUME_POINTS);
	return &points[point];
}

void
assume_init(uint32_t values[ASSUME_POINTS])
{
	for (unsigned i = 0; i < ASSUME_POINTS; i++)
		values[i] = points[i].fallback;
}

const char *
assume_word(enum assume point, uint32_t value)
{
	for (const struct assume_word *w = assume_point(point)->words; w->text; w++)
		if (w->value == value)
			return w->text;
	return NULL;
}
