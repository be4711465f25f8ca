/*
 * compose - answer -> wire: EDNS, compression, truncation, extended errors
 */
#ifndef ENGINE_COMPOSE_H
#define ENGINE_COMPOSE_H

#include "engine/answer.h"
#include "engine/request.h"

/**
 * Write the reply within what the client accepts: for UDP the smaller of its EDNS size (512
 * without EDNS) and UDP_REPLY_OCTETS, for a stream 65,535.  A set that does not fit ends the
 * reply with TC, whole sets only; OPT and what request->options has for it always have their
 * place (RFC 6891 6.1.1, RFC 2181 9).
 */
void compose_answer(const struct request *request, const struct question *q,
		    const struct answer *answer, struct writer *out);

/** A reply with an rcode and no records. */
void compose_rcode(const struct request *request, const struct question *q, uint16_t rcode,
		   uint16_t ede, const char *ede_text, struct writer *out);

#endif
