/*
 * input - a configuration or a snapshot image, made ready for a subcommand
 *
 * Told apart by content.  A configuration is loaded, checked and compiled; an image is
 * mapped and verified, and has no estate: its objects have ids and no places.
 */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include "cli/command.h"
#include "estate/estate.h"
#include "snapshot/snapshot.h"

struct input {
	struct arena arena;		/* the findings' */
	struct diags diags;
	struct estate estate;
	bool has_estate;		/* as far as it could be loaded */
	struct snapshot *snap;		/* NULL: errors were reported */
};

/**
 * Open and compile.  EXIT_FINE: input->snap is there; diags may hold warnings.  Otherwise
 * diags says what is wrong.  input_close in any case.
 */
enum exit_code input_open(struct input *input, const char *path);
/**
 * The same for configurations that describe one estate together; one at least.  partial:
 * references to what no input holds are warnings, and what they stand in goes without.
 */
enum exit_code input_open_all(struct input *input, const char *const *paths, size_t count,
			      bool partial);

/* How inputs are opened. */
struct input_how {
	bool partial;		/* see input_open_all */
	const char *tf_dir;	/* see struct config_paths */
	unsigned threads;	/* 0: as many as parallel_default says */
	const struct text_pair *parameters;	/* of templates; outlive the input */
	bool spends;		/* nobody reads values of record sets: see compile_spending */
};

enum exit_code input_open_how(struct input *input, const char *const *paths, size_t count,
			      const struct input_how *how);
void input_close(struct input *input);

/** Is this file a snapshot image?  false also when it cannot be read. */
bool input_is_image(const char *path);

/** Print findings, warnings included, to standard error. */
void input_complain(const struct input *input);

/* Where objects were declared; file NULL: not known. */
struct srcloc input_network_at(const struct input *input, const char *id);
struct srcloc input_zone_at(const struct input *input, const char *id);
struct srcloc input_rule_at(const struct input *input, const char *id);

#endif
