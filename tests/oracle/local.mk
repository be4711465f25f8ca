# tests/oracle - random tiny estates, lint beside brute force
#
# CAUSEWAY_ESTATES: how many; make check-long tries a million.

if UNIT_TESTS

check_PROGRAMS += tests/oracle/oracle
tests_oracle_oracle_SOURCES = \
	tests/oracle/brute.c tests/oracle/brute.h \
	tests/oracle/oracle.c \
	tests/oracle/plan.c tests/oracle/plan.h
tests_oracle_oracle_CPPFLAGS = $(unit_cppflags)
tests_oracle_oracle_LDADD = $(lint_libs) $(CMOCKA_LIBS)

check_PROGRAMS += tests/oracle/findings
tests_oracle_findings_SOURCES = \
	tests/oracle/findings.c \
	tests/oracle/plan.c tests/oracle/plan.h
tests_oracle_findings_CPPFLAGS = $(unit_cppflags)
tests_oracle_findings_LDADD = $(lint_libs) $(CMOCKA_LIBS)

endif UNIT_TESTS
