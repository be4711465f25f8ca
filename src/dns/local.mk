# dns - names, messages, record formats; may include: base

noinst_LIBRARIES += libdns.a
libdns_a_SOURCES = \
	src/dns/codes.c \
	src/dns/codes.h \
	src/dns/msg.c \
	src/dns/msg.h \
	src/dns/name.c \
	src/dns/name.h \
	src/dns/rdata.c \
	src/dns/rdata.h

dns_libs = libdns.a $(base_libs)
