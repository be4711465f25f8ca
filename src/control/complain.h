/*
 * complain - findings as lines of the log
 */
#ifndef CONTROL_COMPLAIN_H
#define CONTROL_COMPLAIN_H

#include "base/diag.h"
#include "base/log.h"

/**
 * A line each, "file:line:column: error code message", at the level of its severity, the
 * other objects involved behind it; findings below `least` are left out.
 */
void complain(const struct log *log, const struct diags *diags, enum severity least);

#endif
