# engine - how a question is answered; may include: snapshot and below

noinst_LIBRARIES += libengine.a
libengine_a_SOURCES = \
	src/engine/answer.c src/engine/answer.h \
	src/engine/autodef.c src/engine/autodef.h \
	src/engine/budget.c src/engine/budget.h \
	src/engine/cache.c src/engine/cache.h \
	src/engine/chaos.c src/engine/chaos.h \
	src/engine/chase.c src/engine/chase.h \
	src/engine/compose.c src/engine/compose.h \
	src/engine/conduct.c src/engine/conduct.h \
	src/engine/cookie.c src/engine/cookie.h \
	src/engine/deadlines.c src/engine/deadlines.h \
	src/engine/dns64.c src/engine/dns64.h \
	src/engine/exchange.c src/engine/exchange.h \
	src/engine/explain.c src/engine/explain.h \
	src/engine/flight.c src/engine/flight.h \
	src/engine/flight_queue.c \
	src/engine/forward.c src/engine/forward.h \
	src/engine/hearing.c src/engine/hearing.h \
	src/engine/hold.c src/engine/hold.h \
	src/engine/hop_cached.c src/engine/hop_delegated.c \
	src/engine/hop_upstream.c src/engine/hop_zone.c \
	src/engine/keep.c src/engine/keep.h \
	src/engine/lookup.c src/engine/lookup.h \
	src/engine/options.c src/engine/options.h \
	src/engine/health.c src/engine/health.h \
	src/engine/pace.c src/engine/pace.h \
	src/engine/outages.c src/engine/outages.h \
	src/engine/pick.c src/engine/pick.h \
	src/engine/pick_place.c \
	src/engine/quota.c src/engine/quota.h \
	src/engine/regions.c src/engine/regions.h \
	src/engine/reply.c src/engine/reply.h \
	src/engine/request.h \
	src/engine/resolve.c src/engine/resolve.h \
	src/engine/route.c src/engine/route.h \
	src/engine/shard.c src/engine/shard.h \
	src/engine/targets.c src/engine/targets.h \
	src/engine/upstream_options.c src/engine/upstream_options.h \
	src/engine/walk.c src/engine/walk.h

engine_libs = libengine.a $(snapshot_libs)
