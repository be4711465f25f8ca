# tests/scenario - engine scripts in simulated time; run.c says the language
#
#	tests/scenario/run tests/scenario/hit.scn	plays one

check_PROGRAMS += tests/scenario/run
tests_scenario_run_SOURCES = tests/scenario/run.c tests/scenario/scene.c tests/scenario/scene.h \
	tests/scenario/scene_known.c
tests_scenario_run_CPPFLAGS = $(AM_CPPFLAGS) -DSRCDIR='"$(abs_top_srcdir)"' \
	-I$(top_srcdir)/tests
tests_scenario_run_LDADD = $(engine_libs)
