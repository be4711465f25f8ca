/*
 * scene - one scenario being played: its world, its clients, what was sent for them
 *
 * run.c reads the language and calls what is here.  A mistake of the engine is a complaint,
 * which names the line; a mistake in a scenario is one as well.
 */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

#include "unit/world.h"

#define SCENE_CLIENTS 4096

struct client_state {
	char name[32];
	uint64_t asked_ms, replied_ms;
	char *reply;		/* NULL while it waits */
};

/* What a line calls a try of the world: tries[0 .. named) have names. */
struct try_name {
	char name[32];
};

struct scene {
	const char *file;
	unsigned line;
	bool failed;
	struct world world;
	unsigned client_count, named;
	struct client_state *clients;
	struct try_name *names;
};

void scene_begin(struct scene *s, const char *file);
void scene_end(struct scene *s);

void scene_complain(struct scene *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* NULL: none has this name; of tries the latest. */
struct client_state *scene_client(struct scene *s, const char *name);
struct world_try *scene_try(struct scene *s, const char *name);

/* The lines of the language; `rest` is what stands behind the first word. */
void scene_ask(struct scene *s, char *rest);
void scene_sent(struct scene *s, char *rest);
void scene_says(struct scene *s, struct world_try *t, char *rest);
void scene_lost(struct scene *s, struct world_try *t);
void scene_nothing(struct scene *s);
void scene_whatever(struct scene *s);
void scene_count(struct scene *s, char *rest);
void scene_target(struct scene *s, char *rest);
void scene_budget(struct scene *s, char *rest);
void scene_limit(struct scene *s, char *rest);

#endif
