/*
 * notify - what the service manager is told (sd_notify(3))
 *
 * The only door to libsystemd.  Does nothing when no service manager listens.
 */
#ifndef CONTROL_NOTIFY_H
#define CONTROL_NOTIFY_H

#include <stdint.h>

#include "base/status.h"

/** Up and serving, or serving again after notify_reloading; the status line is for people. */
void notify_ready(const char *fmt, ...) printf_like(1, 2);

/** A reload has begun; carries the time, as Type=notify-reload asks for. */
void notify_reloading(void);
void notify_stopping(void);
void notify_status(const char *fmt, ...) printf_like(1, 2);

/** All is well.  Expected every notify_watchdog_ms, with a margin of our own. */
void notify_alive(void);

/** Half of what the service manager waits before it restarts us; 0: it does not watch. */
uint64_t notify_watchdog_ms(void);

#endif
