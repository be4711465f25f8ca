# estate - what was declared, with locations; may include: dns, base

noinst_LIBRARIES += libestate.a
libestate_a_SOURCES = \
	src/estate/assume.c src/estate/assume.h \
	src/estate/check.c src/estate/check.h \
	src/estate/check_clients.c src/estate/check_domains.c \
	src/estate/check_health.c \
	src/estate/check_network.c src/estate/check_network_refs.c \
	src/estate/check_profiles.c \
	src/estate/check_records.c src/estate/check_refs.c \
	src/estate/estate.c src/estate/estate.h \
	src/estate/firewall.h src/estate/kinds.c \
	src/estate/links.c src/estate/lint_settings.h src/estate/network_objects.h \
	src/estate/order.c src/estate/order.h \
	src/estate/quotas.h src/estate/record.h \
	src/estate/partial.c src/estate/partial.h src/estate/ref.h src/estate/settings.h

estate_libs = libestate.a $(dns_libs)
