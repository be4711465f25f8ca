# lint - what makes an estate wrong; may include: engine and below

noinst_LIBRARIES += liblint.a
liblint_a_SOURCES = \
	src/lint/check_fwd.c \
	src/lint/check_pre.c \
	src/lint/check_sec.c \
	src/lint/check_zon.c \
	src/lint/check_zon_child.c src/lint/checks.h \
	src/lint/clash.c src/lint/clash.h \
	src/lint/hops.c src/lint/hops.h \
	src/lint/lint.c src/lint/lint.h \
	src/lint/model.c src/lint/model.h \
	src/lint/neighbours.c src/lint/neighbours.h \
	src/lint/outcome.c src/lint/outcome.h \
	src/lint/records.c src/lint/records.h \
	src/lint/region.c src/lint/region.h \
	src/lint/report.c src/lint/report.h \
	src/lint/report_json.c \
	src/lint/report_text.c \
	src/lint/snippet.c src/lint/snippet.h \
	src/lint/witness.c src/lint/witness.h

lint_libs = liblint.a $(engine_libs)
