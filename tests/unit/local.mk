# tests/unit - one cmocka program per module
#
# A test links its own layer's libs and nothing above them, so a reference
# upwards fails to link.  One block per test, in the order of the layers:
#
#	check_PROGRAMS += tests/unit/test_name
#	tests_unit_test_name_CPPFLAGS = $(unit_cppflags)
#	tests_unit_test_name_LDADD = $(dns_libs) $(CMOCKA_LIBS)
#
# (SOURCES need no line while they are tests/unit/test_name.c alone.)
# SRCDIR is the top of the sources, for tests that read conf/ or zones/.

unit_cppflags = $(AM_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"' \
	-I$(top_srcdir)/tests $(CMOCKA_CFLAGS)

# shared by tests

if UNIT_TESTS

# base

# dns

# estate

# snapshot

# engine

# load

# lint

# proto

# io

# control

endif UNIT_TESTS
