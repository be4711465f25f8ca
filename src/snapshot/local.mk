# snapshot - compile, and the frozen blocks; may include: estate and below

noinst_LIBRARIES += libsnapshot.a
libsnapshot_a_SOURCES = \
	src/snapshot/block.c \
	src/snapshot/block.h \
	src/snapshot/image.c \
	src/snapshot/root_verify.c \
	src/snapshot/slots.h \
	src/snapshot/snapshot.c \
	src/snapshot/snapshot.h \
	src/snapshot/verify.h \
	src/snapshot/view.h \
	src/snapshot/zone.h \
	src/snapshot/zone_verify.c

snapshot_libs = libsnapshot.a $(estate_libs)
