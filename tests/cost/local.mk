# tests/cost - what one packet may cost; `make check` runs the packets, `make cost` counts

check_PROGRAMS += tests/cost/cost
tests_cost_cost_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_cost_cost_LDADD = $(engine_libs)

.PHONY: cost

cost: tests/cost/cost
	$(AM_V_at)CAUSEWAY_SRC='$(abs_top_srcdir)' CAUSEWAY_BUILD='$(abs_top_builddir)' \
	$(srcdir)/tests/cost/run || test $$? -eq 77
