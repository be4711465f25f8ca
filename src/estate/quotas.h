/*
 * quotas - how much the service allows, as data (route53-semantics, "quotas")
 *
 * row(POINT, key, number, what): the key of `lint.quotas`, the number by default, and what is
 * counted.  Raised quotas are the user's to declare.
 */
#ifndef ESTATE_QUOTAS_H
#define ESTATE_QUOTAS_H

#define QUOTA_TABLE(row)									\
	row(VPCS_PER_ZONE, vpcs_per_zone, 300, "VPCs that a zone is associated with")		\
	row(RECORDS_PER_ZONE, records_per_zone, 10000, "record sets of a zone")			\
	row(VALUES_PER_RECORD, values_per_record, 400, "values of a record set")			\
	row(SETS_PER_NAME, sets_per_name, 100,							\
	    "record sets of a name and type under one routing policy")				\
	row(ZONES_PER_ACCOUNT, zones_per_account, 500, "zones of an account")			\
	row(RULES_PER_REGION, rules_per_region, 1000, "rules of an account in a Region")	\
	row(ASSOCIATIONS_PER_REGION, rule_associations_per_region, 2000,			\
	    "associations of rules with VPCs of an account in a Region")			\
	row(ENDPOINTS_PER_REGION, endpoints_per_region, 4, "endpoints of an account in a Region") \
	row(ADDRESSES_PER_ENDPOINT, ip_addresses_per_endpoint, 6, "addresses of an endpoint")	\
	row(QUERIES_PER_ADDRESS, queries_per_address, 10000,					\
	    "queries a second that an address of an endpoint takes")				\
	row(TARGETS_PER_RULE, targets_per_rule, 6, "targets of a rule")				\
	row(PEERINGS_PER_VPC, peerings_per_vpc, 50, "peerings of a VPC")			\
	row(VPCS_PER_PROFILE, vpcs_per_profile, 1000, "VPCs that a Profile is associated with")	\
	row(ZONES_PER_PROFILE, zones_per_profile, 5000, "zones of a Profile")			\
	row(RULES_PER_PROFILE, rules_per_profile, 1000, "rules of a Profile")

enum quota {
#define QUOTA_ENUM(point, key, number, what) QUOTA_##point,
	QUOTA_TABLE(QUOTA_ENUM)
#undef QUOTA_ENUM
	QUOTAS,
};

#endif
