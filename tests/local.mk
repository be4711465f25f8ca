# tests - what `make check` runs: no root, no network beyond loopback
#
# check          the rules of the sources, and the unit tests
# integration    the daemon with real peers (pytest, nsd, unbound)
# conformance    the tables of what the service and the RFCs want, row by row
# differential   the daemon's answers beside those of nsd, knot and bind
# cost           what the worst packets cost, where valgrind is
# fuzz           ten million inputs to each parser, where clang has libFuzzer
# check-long     all of them, with ten times as many answers compared, longer orders of events
#                walked, and the counts of the security and reliability goals (an hour)
# golden-update  writes what the golden tests expect; read the diff afterwards

include tests/unit/local.mk
include tests/cost/local.mk
include tests/fuzz/local.mk
include tests/scenario/local.mk
include tests/golden/local.mk
include tests/oracle/local.mk
include tests/roundtrip/local.mk

TESTS += tests/check-layers tests/check-headers tests/check-listed $(check_PROGRAMS)

AM_TESTS_ENVIRONMENT = \
	CAUSEWAY_SRC='$(abs_top_srcdir)'; export CAUSEWAY_SRC; \
	CAUSEWAY_BUILD='$(abs_top_builddir)'; export CAUSEWAY_BUILD; \
	CW_COMPILE="$(CC) $(DEFS) $(AM_CPPFLAGS) $(UV_CFLAGS) $(CPPFLAGS) \
		$(AM_CFLAGS) $(CFLAGS)"; export CW_COMPILE;

.PHONY: integration conformance differential check-long golden-update

# The tests marked tsan want a tree, those marked netns rights of their own:
# contrib/test sees to both.
PYTEST_MARK = not tsan and not netns

# An upstream and clients for the integration tests, no tests themselves.
EXTRA_PROGRAMS = tests/integration/fake_upstream tests/integration/crowd
tests_integration_fake_upstream_SOURCES = tests/integration/fake_upstream.c
tests_integration_crowd_SOURCES = tests/integration/crowd.c
MOSTLYCLEANFILES = $(EXTRA_PROGRAMS)

integration: all $(EXTRA_PROGRAMS)
	$(AM_V_at)CAUSEWAY_SRC='$(abs_top_srcdir)' CAUSEWAY_BUILD='$(abs_top_builddir)' \
	PYTHONDONTWRITEBYTECODE=1 \
	$(PYTHON3) -m pytest -q -rfEs -p no:cacheprovider \
		-m '$(PYTEST_MARK)' $(PYTEST_FLAGS) $(srcdir)/tests/integration

conformance: all
	$(AM_V_at)CAUSEWAY_SRC='$(abs_top_srcdir)' CAUSEWAY_BUILD='$(abs_top_builddir)' \
	PYTHONDONTWRITEBYTECODE=1 \
	$(PYTHON3) -m pytest -q -rfEs -p no:cacheprovider \
		$(PYTEST_FLAGS) $(srcdir)/tests/conformance

differential: all
	$(AM_V_at)CAUSEWAY_SRC='$(abs_top_srcdir)' CAUSEWAY_BUILD='$(abs_top_builddir)' \
	PYTHONDONTWRITEBYTECODE=1 \
	$(PYTHON3) -m pytest -q -rfEsP -p no:cacheprovider \
		$(PYTEST_FLAGS) $(srcdir)/tests/differential

check-long: check
	CAUSEWAY_LONG=1 CAUSEWAY_NETWORKS=10000 $(MAKE) $(AM_MAKEFLAGS) integration
	CAUSEWAY_DEPTH=8 tests/unit/test_resolver_exhaustive
	$(MAKE) $(AM_MAKEFLAGS) conformance
	CAUSEWAY_ESTATES=1000000 tests/oracle/oracle
	CAUSEWAY_DUMPS=100000 tests/roundtrip/roundtrip
	CAUSEWAY_QUESTIONS=20000 $(MAKE) $(AM_MAKEFLAGS) differential
	$(MAKE) $(AM_MAKEFLAGS) cost
	$(MAKE) $(AM_MAKEFLAGS) fuzz

golden-update: $(check_PROGRAMS)
	GOLDEN_UPDATE=1 $(MAKE) $(AM_MAKEFLAGS) check \
		TESTS='$(check_PROGRAMS) tests/golden/run'
