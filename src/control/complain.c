#include "control/complain.h"

#include <stdio.h>

#define PLACE_MAX 512

static enum log_level
level_of(enum severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR:
		return LOG_LEVEL_ERROR;
	case SEVERITY_WARNING:
		return LOG_LEVEL_WARNING;
	case SEVERITY_NOTE:
		return LOG_LEVEL_NOTICE;
	}
	return LOG_LEVEL_ERROR;
}

/** "file:line:column: ", or "" where there is no place. */
static const char *
place(struct srcloc at, char *buf)
{
	buf[0] = '\0';
	if (at.file && at.line > 0)
		snprintf(buf, PLACE_MAX, "%s:%u:%u: ", at.file, (unsigned)at.line,
			 (unsigned)at.column);
	else if (at.file)
		snprintf(buf, PLACE_MAX, "%s: ", at.file);
	return buf;
}

static void
complain_part(const struct log *log, enum log_level level, const struct finding_part *part)
{
	char at[PLACE_MAX];

	switch (part->part) {
	case PART_OBJECT:
		if (part->at.file)
			log_write(log, level, "%snote %s%s\"%s\"%s%s", place(part->at, at),
				  part->kind ? part->kind : "", part->kind ? " " : "",
				  part->id ? part->id : "", part->text ? ": " : "",
				  part->text ? part->text : "");
		break;
	case PART_HELP:
		log_write(log, level, "help: %s", part->text ? part->text : "");
		break;
	case PART_WITNESS:	/* for `causeway lint`, which has the room to show them */
	case PART_OUTCOME:
	case PART_ASSUMED:
	case PART_NETWORK:
	case PART_NAMES:
		break;
	}
}

void
complain(const struct log *log, const struct diags *diags, enum severity least)
{
	char at[PLACE_MAX];

	for (const struct finding *f = diags->first; f; f = f->next) {
		enum log_level level = level_of(f->severity);

		if (f->severity < least)
			continue;
		log_write(log, level, "%s%s %s %s", place(f->at, at), severity_text(f->severity),
			  f->code, f->message);
		for (const struct finding_part *p = f->parts; p; p = p->next)
			complain_part(log, level, p);
	}
	if (diags->dropped > 0)
		log_write(log, LOG_LEVEL_WARNING, "and %zu more findings", diags->dropped);
}
