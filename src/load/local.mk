# load - YAML, JSON, zone files; may include: estate and below

noinst_LIBRARIES += libload.a
libload_a_CPPFLAGS = $(AM_CPPFLAGS) $(YAML_CFLAGS) $(LDNS_CFLAGS) $(ZLIB_CFLAGS)
libload_a_SOURCES = \
	src/load/aws.c src/load/aws.h \
	src/load/aws_call.c \
	src/load/aws_ec2.c \
	src/load/aws_endpoints.c \
	src/load/aws_filters.c \
	src/load/aws_firewall.c \
	src/load/aws_gather.c \
	src/load/aws_network.c \
	src/load/aws_node.c \
	src/load/aws_profiles.c \
	src/load/aws_resolver.c \
	src/load/aws_route53.c \
	src/load/aws_walk.c src/load/aws_walk.h \
	src/load/bind.c src/load/bind.h \
	src/load/cfn.h \
	src/load/cfn_functions.c \
	src/load/cfn_metadata.c \
	src/load/cfn_object.c \
	src/load/cfn_refs.c \
	src/load/cfn_resources.c \
	src/load/cfn_resources_dns.c \
	src/load/cfn_resources_filters.c \
	src/load/cfn_resources_network.c \
	src/load/cfn_resources_resolver.c \
	src/load/cfn_template.c \
	src/load/cfn_value.c \
	src/load/cloudformation.c src/load/cloudformation.h \
	src/load/config.c src/load/config.h \
	src/load/corefile.c src/load/corefile.h \
	src/load/corefile_conf.c src/load/corefile_conf.h \
	src/load/declare.c src/load/declare.h \
	src/load/dnsmasq.c src/load/dnsmasq.h \
	src/load/dnsmasq_conf.c src/load/dnsmasq_conf.h \
	src/load/document.c src/load/document.h \
	src/load/dump.c src/load/dump.h \
	src/load/dump_sets.c src/load/dump_sets.h \
	src/load/hosts.c src/load/hosts.h \
	src/load/imports.c src/load/imports.h \
	src/load/inflate.c src/load/inflate.h \
	src/load/json.c src/load/json.h \
	src/load/jsonbind.c src/load/jsonbind.h \
	src/load/jsontree.c src/load/jsontree.h \
	src/load/jsontext.c src/load/jsontext.h \
	src/load/master.c src/load/master.h \
	src/load/named.c src/load/named.h \
	src/load/named_clients.c src/load/named_clients.h \
	src/load/named_conf.c src/load/named_conf.h \
	src/load/nodes.c src/load/nodes.h \
	src/load/objects.c src/load/objects.h \
	src/load/octodns.c src/load/octodns.h \
	src/load/onprem.c src/load/onprem.h \
	src/load/onprem_objects.c \
	src/load/pragma.c src/load/pragma.h \
	src/load/rdatatext.h \
	src/load/recordset.c src/load/recordset.h \
	src/load/resolvconf.c src/load/resolvconf.h \
	src/load/route53.c src/load/route53.h \
	src/load/scalar.c \
	src/load/schema.c src/load/schema.h \
	src/load/schema_network.c src/load/schema_rows.h \
	src/load/setlist.c src/load/setlist.h \
	src/load/share.c src/load/share.h \
	src/load/source.c src/load/source.h \
	src/load/spelling.c src/load/spelling.h \
	src/load/surrogates.c src/load/surrogates.h \
	src/load/terraform.c src/load/terraform.h \
	src/load/terraform_acl.c \
	src/load/terraform_config.c \
	src/load/terraform_endpoint.c \
	src/load/terraform_json.h \
	src/load/terraform_model.h \
	src/load/terraform_network.c \
	src/load/terraform_read.c \
	src/load/terraform_record.c \
	src/load/terraform_refs.c \
	src/load/terraform_resolver.c \
	src/load/terraform_route.c \
	src/load/terraform_source.c \
	src/load/terraform_values.c \
	src/load/terraform_vpc.c \
	src/load/terraform_zone.c \
	src/load/twins.c src/load/twins.h \
	src/load/unbind.c src/load/unbind.h \
	src/load/unscalar.c \
	src/load/unbound.c src/load/unbound.h \
	src/load/unbound_conf.c src/load/unbound_conf.h \
	src/load/unbound_local.c src/load/unbound_local.h \
	src/load/words.c src/load/words.h \
	src/load/yaml.c src/load/yaml.h \
	src/load/yamlout.c src/load/yamlout.h \
	src/load/zonefile.c src/load/zonefile.h \
	src/load/zoneload.c \
	src/load/zonerecord.c src/load/zonerecord.h

load_libs = libload.a $(estate_libs) $(YAML_LIBS) $(LDNS_LIBS) $(ZLIB_LIBS)
