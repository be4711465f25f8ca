# tests/fuzz - entries for libFuzzer; `make check` replays their corpus without it
#
#	make fuzz				each target FUZZ_RUNS times
#	make fuzz FUZZ_TARGETS='name rdata'	only these
#
# It wants clang with libFuzzer (tests/fuzz/run).  An input that broke something joins the
# corpus, named for what it is; those that are named by their hash are what covers more than
# the named ones do, as -merge=1 chose them.

check_PROGRAMS += tests/fuzz/replay_question
tests_fuzz_replay_question_SOURCES = tests/fuzz/fuzz_question.c tests/fuzz/replay.c
tests_fuzz_replay_question_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/question"'
tests_fuzz_replay_question_LDADD = $(dns_libs)

check_PROGRAMS += tests/fuzz/replay_reply
tests_fuzz_replay_reply_SOURCES = tests/fuzz/fuzz_reply_records.c tests/fuzz/replay.c
tests_fuzz_replay_reply_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/reply"'
tests_fuzz_replay_reply_LDADD = $(dns_libs)

# The images of the corpus are the small estates beside it, as snapshot_write
# wrote them; after a change of the format make-images makes others.
check_PROGRAMS += tests/fuzz/replay_image
tests_fuzz_replay_image_SOURCES = tests/fuzz/fuzz_image.c tests/fuzz/replay.c
tests_fuzz_replay_image_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/image"'
tests_fuzz_replay_image_LDADD = $(snapshot_libs)

check_PROGRAMS += tests/fuzz/replay_upstream
tests_fuzz_replay_upstream_SOURCES = tests/fuzz/fuzz_reply.c tests/fuzz/replay.c
tests_fuzz_replay_upstream_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/reply"'
tests_fuzz_replay_upstream_LDADD = $(engine_libs)

check_PROGRAMS += tests/fuzz/replay_name
tests_fuzz_replay_name_SOURCES = tests/fuzz/fuzz_name.c tests/fuzz/replay.c
tests_fuzz_replay_name_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/name"'
tests_fuzz_replay_name_LDADD = $(dns_libs)

check_PROGRAMS += tests/fuzz/replay_message
tests_fuzz_replay_message_SOURCES = tests/fuzz/fuzz_message.c tests/fuzz/replay.c
tests_fuzz_replay_message_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/message"'
tests_fuzz_replay_message_LDADD = $(dns_libs)

check_PROGRAMS += tests/fuzz/replay_rdata
tests_fuzz_replay_rdata_SOURCES = tests/fuzz/fuzz_rdata.c tests/fuzz/replay.c
tests_fuzz_replay_rdata_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/rdata"'
tests_fuzz_replay_rdata_LDADD = $(dns_libs)

check_PROGRAMS += tests/fuzz/replay_rdata_text
tests_fuzz_replay_rdata_text_SOURCES = tests/fuzz/fuzz_rdata_text.c tests/fuzz/replay.c
tests_fuzz_replay_rdata_text_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/rdata"'
tests_fuzz_replay_rdata_text_LDADD = $(load_libs)

# Its estate is in the source: the corpus is patches to the blocks that compile makes.
check_PROGRAMS += tests/fuzz/replay_block
tests_fuzz_replay_block_SOURCES = tests/fuzz/fuzz_block.c tests/fuzz/replay.c
tests_fuzz_replay_block_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/block"'
tests_fuzz_replay_block_LDADD = $(engine_libs)

check_PROGRAMS += tests/fuzz/replay_options
tests_fuzz_replay_options_SOURCES = tests/fuzz/fuzz_options.c tests/fuzz/replay.c
tests_fuzz_replay_options_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/options"'
tests_fuzz_replay_options_LDADD = $(engine_libs)

check_PROGRAMS += tests/fuzz/replay_framing
tests_fuzz_replay_framing_SOURCES = tests/fuzz/fuzz_framing.c tests/fuzz/replay.c
tests_fuzz_replay_framing_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/framing"'
tests_fuzz_replay_framing_LDADD = $(proto_libs)

noinst_HEADERS += tests/fuzz/fuzz.h tests/fuzz/memory_file.h tests/fuzz/rdata_input.h

check_PROGRAMS += tests/fuzz/replay_yaml
tests_fuzz_replay_yaml_SOURCES = tests/fuzz/fuzz_yaml.c tests/fuzz/replay.c
tests_fuzz_replay_yaml_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/yaml"'
tests_fuzz_replay_yaml_LDADD = $(load_libs)

check_PROGRAMS += tests/fuzz/replay_config
tests_fuzz_replay_config_SOURCES = tests/fuzz/fuzz_config.c tests/fuzz/replay.c
tests_fuzz_replay_config_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/config"'
tests_fuzz_replay_config_LDADD = $(load_libs)

check_PROGRAMS += tests/fuzz/replay_zonefile
tests_fuzz_replay_zonefile_SOURCES = tests/fuzz/fuzz_zonefile.c tests/fuzz/replay.c
tests_fuzz_replay_zonefile_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/zonefile"'
tests_fuzz_replay_zonefile_LDADD = $(load_libs)

check_PROGRAMS += tests/fuzz/replay_ctlmsg
tests_fuzz_replay_ctlmsg_SOURCES = tests/fuzz/fuzz_ctlmsg.c tests/fuzz/replay.c
tests_fuzz_replay_ctlmsg_CPPFLAGS = $(AM_CPPFLAGS) \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/ctlmsg"'
tests_fuzz_replay_ctlmsg_LDADD = $(proto_libs)

check_PROGRAMS += tests/fuzz/replay_route53
tests_fuzz_replay_route53_SOURCES = tests/fuzz/fuzz_route53.c tests/fuzz/replay.c
tests_fuzz_replay_route53_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/route53"'
tests_fuzz_replay_route53_LDADD = $(load_libs)

check_PROGRAMS += tests/fuzz/replay_json
tests_fuzz_replay_json_SOURCES = tests/fuzz/fuzz_json.c tests/fuzz/replay.c
tests_fuzz_replay_json_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/json"'
tests_fuzz_replay_json_LDADD = $(load_libs)

check_PROGRAMS += tests/fuzz/replay_aws
tests_fuzz_replay_aws_SOURCES = tests/fuzz/fuzz_aws.c tests/fuzz/replay.c
tests_fuzz_replay_aws_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/aws"'
tests_fuzz_replay_aws_LDADD = $(load_libs)

check_PROGRAMS += tests/fuzz/replay_onprem
tests_fuzz_replay_onprem_SOURCES = tests/fuzz/fuzz_onprem.c tests/fuzz/replay.c
tests_fuzz_replay_onprem_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/onprem"'
tests_fuzz_replay_onprem_LDADD = $(load_libs)

check_PROGRAMS += tests/fuzz/replay_terraform
tests_fuzz_replay_terraform_SOURCES = tests/fuzz/fuzz_terraform.c tests/fuzz/replay.c
tests_fuzz_replay_terraform_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/terraform"'
tests_fuzz_replay_terraform_LDADD = $(load_libs)

check_PROGRAMS += tests/fuzz/replay_cloudformation
tests_fuzz_replay_cloudformation_SOURCES = tests/fuzz/fuzz_cloudformation.c tests/fuzz/replay.c
tests_fuzz_replay_cloudformation_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests \
	-DCORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus/cloudformation"'
tests_fuzz_replay_cloudformation_LDADD = $(load_libs)

# --- the fuzzing itself: no part of `make check`

FUZZ_RUNS = 10000000
FUZZ_TARGETS =

.PHONY: fuzz fuzz-clean

fuzz:
	$(AM_V_at)CAUSEWAY_SRC='$(abs_top_srcdir)' CAUSEWAY_BUILD='$(abs_top_builddir)' \
	FUZZ_CFLAGS='$(YAML_CFLAGS) $(LDNS_CFLAGS) $(ZLIB_CFLAGS)' \
	FUZZ_LIBS='$(YAML_LIBS) $(LDNS_LIBS) $(ZLIB_LIBS)' \
	FUZZ_RUNS='$(FUZZ_RUNS)' $(srcdir)/tests/fuzz/run $(FUZZ_TARGETS) || test $$? -eq 77

fuzz-clean:
	rm -rf fuzz
