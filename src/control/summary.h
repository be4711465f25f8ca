/*
 * summary - what the daemon says of itself, in one line each
 */
#ifndef CONTROL_SUMMARY_H
#define CONTROL_SUMMARY_H

#include "control/publish.h"

/** What is served, where, and for whom. */
void summary_started(const struct log *log, const struct edition *edition,
		     const struct publication *publication, uint32_t workers);

/** What a reload changed, and what it cost. */
void summary_reloaded(const struct log *log, const struct edition *edition,
		      const struct publication *publication);

/** Settings that changed and are used at the start only. */
void summary_fixed(const struct log *log, const struct edition *before,
		   const struct edition *after);

void summary_checked(const struct log *log, const char *config,
		     const struct publication *publication);

/** READY, with the same for the service manager's status line. */
void summary_ready(const struct edition *edition, const struct publication *publication);

#endif
