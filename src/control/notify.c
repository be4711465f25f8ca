#include "control/notify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#define STATUS_MAX 512

static void
status_line(const char *before, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

static void
status_line(const char *before, const char *fmt, va_list ap)
{
	char text[STATUS_MAX];

	vsnprintf(text, sizeof(text), fmt, ap);
	sd_notifyf(0, "%sSTATUS=%s", before, text);
}

void
notify_ready(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	status_line("READY=1\n", fmt, ap);
	va_end(ap);
}

void
notify_reloading(void)
{
	struct timespec now;
	uint64_t us;

	clock_gettime(CLOCK_MONOTONIC, &now);
	us = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64 "\nSTATUS=Loading the configuration",
		   us);
}

void
notify_stopping(void)
{
	sd_notify(0, "STOPPING=1\nSTATUS=Answering what is in flight");
}

void
notify_status(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	status_line("", fmt, ap);
	va_end(ap);
}

void
notify_alive(void)
{
	sd_notify(0, "WATCHDOG=1");
}

uint64_t
notify_watchdog_ms(void)
{
	uint64_t us = 0;

	if (sd_watchdog_enabled(0, &us) <= 0)
		return 0;
	return us / 2000 > 0 ? us / 2000 : 1;
}
