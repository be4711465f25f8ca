# control - publish, signals, the service manager; may include: io, lint, load and below

noinst_LIBRARIES += libcontrol.a
libcontrol_a_CPPFLAGS = $(AM_CPPFLAGS) $(UV_CFLAGS) $(SYSTEMD_CFLAGS) \
	$(CURL_CFLAGS)
libcontrol_a_SOURCES = \
	src/control/checks.c src/control/checks.h \
	src/control/checkup.c src/control/checkup.h \
	src/control/complain.c src/control/complain.h \
	src/control/control.c src/control/control.h \
	src/control/crew.c src/control/crew.h \
	src/control/ctl.c src/control/ctl.h \
	src/control/desk.c src/control/desk.h src/control/desk_lookup.c \
	src/control/desk_stats.c \
	src/control/notify.c src/control/notify.h \
	src/control/phase.c src/control/phase.h \
	src/control/privilege.c src/control/privilege.h \
	src/control/probe.c src/control/probe.h \
	src/control/publish.c src/control/publish.h \
	src/control/selftest.c src/control/selftest.h \
	src/control/sockfile.c src/control/sockfile.h \
	src/control/statefile.c src/control/statefile.h \
	src/control/summary.c src/control/summary.h

control_libs = libcontrol.a libio.a libproto.a liblint.a $(load_libs) $(engine_libs) \
	$(UV_LIBS) $(SYSTEMD_LIBS) $(CURL_LIBS) $(NETTLE_LIBS)
