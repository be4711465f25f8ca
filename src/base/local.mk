# base - bytes, memory, findings, addresses; may include: libc
#
# Every layer has such a fragment: its library, its files (the headers too, or
# the tarball lacks them) and <layer>_libs, what a program of that layer links,
# itself first, then what lies below.  A new file is one more line here.

noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	src/base/addr.c src/base/addr.h \
	src/base/arena.c src/base/arena.h \
	src/base/bytes.h \
	src/base/diag.c src/base/diag.h \
	src/base/hash.c src/base/hash.h \
	src/base/log.c src/base/log.h \
	src/base/parallel.c src/base/parallel.h \
	src/base/prefixes.c src/base/prefixes.h \
	src/base/random.c src/base/random.h \
	src/base/status.c src/base/status.h \
	src/base/table.c src/base/table.h \
	src/base/text.c src/base/text.h

base_libs = libbase.a
