/*
 * rdata_input - record data at a place of a message, of the type that the input chooses
 *
 *	octet 0		the type, as its place among those that have a name; the number in
 *			octets 1 and 2 where there are not so many
 *	octet 3		where in the message behind it the data begin, to its end; what lies
 *			before them is what names in them may point to
 */
#ifndef TESTS_RDATA_INPUT_H
#define TESTS_RDATA_INPUT_H

#include "base/bytes.h"
#include "dns/codes.h"

#define RDATA_INPUT_HEAD 4

struct rdata_input {
	uint16_t type;
	const uint8_t *message;
	size_t size, at;	/* the data are message[at..size) */
};

/** The types that have a name, by rising number; 0: there are not so many. */
static inline uint16_t
rdata_input_type(unsigned place)
{
	static uint16_t types[TYPE_CAA];
	static unsigned count;
	char text[CODE_TEXT_MAX];

	for (uint16_t type = 1; !count || types[count - 1] < TYPE_CAA; type++)
		if (type_print(type, text) != text)
			types[count++] = type;
	return place < count ? types[place] : 0;
}

/** false: the input is too short, or longer than data can be. */
static inline bool
rdata_input_read(const uint8_t *data, size_t size, struct rdata_input *out)
{
	if (size < RDATA_INPUT_HEAD || size - RDATA_INPUT_HEAD > UINT16_MAX)
		return false;
	out->type = rdata_input_type(data[0]);
	if (!out->type)
		out->type = load_u16(data + 1);
	out->message = data + RDATA_INPUT_HEAD;
	out->size = size - RDATA_INPUT_HEAD;
	out->at = data[3] < out->size ? data[3] : out->size;
	return true;
}

#endif
