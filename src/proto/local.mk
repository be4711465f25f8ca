# proto - framing as bytes; may include: base

noinst_LIBRARIES += libproto.a
libproto_a_SOURCES = \
	src/proto/ctlmsg.c src/proto/ctlmsg.h \
	src/proto/framing.c src/proto/framing.h

proto_libs = libproto.a $(base_libs)
