# snapshot - compile, and the frozen blocks; may include: estate and below

noinst_LIBRARIES += libsnapshot.a
libsnapshot_a_SOURCES = \
	src/snapshot/autodefined.c src/snapshot/autodefined.h \
	src/snapshot/block.c src/snapshot/block.h \
	src/snapshot/compile.c src/snapshot/compile.h \
	src/snapshot/compile_health.c \
	src/snapshot/compile_network.c src/snapshot/compile_parts.h \
	src/snapshot/compile_root.c \
	src/snapshot/compile_set.c \
	src/snapshot/compile_view.c \
	src/snapshot/compile_zone.c \
	src/snapshot/image.c \
	src/snapshot/root_verify.c \
	src/snapshot/settle.c src/snapshot/settle.h \
	src/snapshot/slots.h \
	src/snapshot/snapshot.c src/snapshot/snapshot.h \
	src/snapshot/verify.h \
	src/snapshot/view.h \
	src/snapshot/zone.h \
	src/snapshot/zone_defaults.c \
	src/snapshot/zone_make.h \
	src/snapshot/zone_order.c src/snapshot/zone_order.h \
	src/snapshot/zone_verify.c

snapshot_libs = libsnapshot.a $(estate_libs)
