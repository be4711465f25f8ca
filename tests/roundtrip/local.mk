# tests/roundtrip - what causeway dump writes is the same estate, and the same image
#
# CAUSEWAY_DUMPS: how many random estates; make check-long tries more.

if UNIT_TESTS

check_PROGRAMS += tests/roundtrip/roundtrip
tests_roundtrip_roundtrip_SOURCES = \
	tests/roundtrip/rich.c tests/roundtrip/rich.h \
	tests/roundtrip/roundtrip.c
tests_roundtrip_roundtrip_CPPFLAGS = $(unit_cppflags)
tests_roundtrip_roundtrip_LDADD = libsnapshot.a $(load_libs) $(CMOCKA_LIBS)

endif UNIT_TESTS
