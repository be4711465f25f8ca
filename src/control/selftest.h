/*
 * selftest - ask a new snapshot before anybody else does
 *
 * A snapshot that compiled and cannot answer would be our own mistake; it must not get as
 * far as the workers.
 */
#ifndef CONTROL_SELFTEST_H
#define CONTROL_SELFTEST_H

#include "base/log.h"
#include "snapshot/snapshot.h"

#define SELFTEST_ZONES 100

/**
 * Ask for SOA and NS of the apex of each of the first SELFTEST_ZONES zones, in a network
 * that resolves the name there.
 * ERR_MALFORMED: a zone gave no answer; told.  ERR_NOMEM.
 */
enum status selftest_run(const struct snapshot *snap, const struct log *log) must_check;

#endif
