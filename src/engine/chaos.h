/*
 * chaos - what the server says about itself in class CH (RFC 4892)
 *
 * TXT of version.bind and version.server from `server.version`, of id.server and
 * hostname.bind from `server.identity`.  What is not set is not told: REFUSED, as all else
 * in this class.
 */
#ifndef ENGINE_CHAOS_H
#define ENGINE_CHAOS_H

#include "engine/chase.h"

/** Answer a question of class CH; always complete. */
void chaos_answer(const struct chase *by, const struct question *q, struct answer *answer);

#endif
