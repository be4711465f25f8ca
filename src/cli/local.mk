# cli - arguments, exit codes, one file per subcommand; may include: everything
#
# What causeway and causewayd share is in libcli.a, a subcommand (cmd_*.c)
# belongs to causeway alone.  The programs stand at the top of the build tree.

noinst_LIBRARIES += libcli.a
libcli_a_SOURCES = \
	src/cli/command.c src/cli/command.h \
	src/cli/daemon.c src/cli/daemon.h \
	src/cli/explain_member.c \
	src/cli/explain_words.c src/cli/explain_words.h \
	src/cli/input.c src/cli/input.h \
	src/cli/lint_output.c src/cli/lint_output.h \
	src/cli/known.c src/cli/known.h \
	src/cli/lint_options.c src/cli/lint_options.h \
	src/cli/lint_rules.c src/cli/lint_rules.h \
	src/cli/output.c src/cli/output.h \
	src/cli/parameters.c src/cli/parameters.h \
	src/cli/progress.c src/cli/progress.h \
	src/cli/paths.c src/cli/paths.h \
	src/cli/query.c src/cli/query.h

cli_libs = libcli.a $(control_libs)

sbin_PROGRAMS += causewayd
causewayd_CPPFLAGS = $(AM_CPPFLAGS) \
	-DSYSCONFDIR='"$(sysconfdir)"' -DLOCALSTATEDIR='"$(localstatedir)"'
causewayd_SOURCES = src/cli/causewayd.c
causewayd_LDADD = $(cli_libs)

bin_PROGRAMS += causeway
causeway_SOURCES = \
	src/cli/causeway.c \
	src/cli/cmd_compile.c \
	src/cli/cmd_diff.c \
	src/cli/diff_output.c src/cli/diff_output.h \
	src/cli/cmd_dump.c \
	src/cli/cmd_explain.c \
	src/cli/cmd_flush.c \
	src/cli/cmd_health.c \
	src/cli/cmd_lint.c \
	src/cli/cmd_lookup.c \
	src/cli/cmd_reload.c \
	src/cli/cmd_resolve.c \
	src/cli/cmd_stats.c \
	src/cli/cmd_status.c
causeway_LDADD = $(cli_libs)
