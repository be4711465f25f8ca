# dns - names, messages, record formats; may include: base

noinst_LIBRARIES += libdns.a
libdns_a_SOURCES = \
	src/dns/build.c src/dns/build.h \
	src/dns/codes.c src/dns/codes.h \
	src/dns/msg.c src/dns/msg.h \
	src/dns/name.c src/dns/name.h \
	src/dns/rdata.c src/dns/rdata.h \
	src/dns/rrset.c src/dns/rrset.h

dns_libs = libdns.a $(base_libs)
