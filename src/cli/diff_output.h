/*
 * diff_output - changes of an estate as text, JSON, and Markdown for a pull request
 */
#ifndef CLI_DIFF_OUTPUT_H
#define CLI_DIFF_OUTPUT_H

#include "base/text.h"
#include "lint/change.h"

/** Append all of it; before and after are the files, as the user called them. */
typedef void (*diff_output_fn)(const struct changes *changes, const char *before,
			       const char *after, struct text *out);

/** "text", "json", "markdown"; NULL: there is no such format. */
diff_output_fn diff_output_find(const char *name);

#endif
