# io - libuv, sockets, threads, time; may include: proto, engine and below

noinst_LIBRARIES += libio.a
libio_a_CPPFLAGS = $(AM_CPPFLAGS) $(UV_CFLAGS)
libio_a_SOURCES = \
	src/io/backlog.c src/io/backlog.h \
	src/io/channel.c src/io/channel.h \
	src/io/clock.h \
	src/io/edition.c src/io/edition.h \
	src/io/ephemeral.c src/io/ephemeral.h \
	src/io/gate.c src/io/gate.h \
	src/io/pipeline.c src/io/pipeline.h \
	src/io/poller.c src/io/poller.h \
	src/io/port.c src/io/port.h \
	src/io/prepared.c src/io/prepared.h \
	src/io/session.c src/io/session.h \
	src/io/socket.c src/io/socket.h \
	src/io/stream.c src/io/stream.h \
	src/io/tally.c src/io/tally.h \
	src/io/udp.c src/io/udp.h \
	src/io/uplink.c src/io/uplink.h \
	src/io/worker.c src/io/worker.h

io_libs = libio.a libproto.a $(engine_libs) $(UV_LIBS)
