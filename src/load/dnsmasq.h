/*
 * dnsmasq - the configuration of dnsmasq as a site
 *
 * server=, local= and address= say for which domains whom to ask, nobody, or what to answer;
 * the longest wins.  host-record= and the like, and files of hosts, are records: in the zone
 * of the nearest domain that is answered here, else each name is a zone of its own.  What DHCP
 * makes of names is not known.
 */
#ifndef LOAD_DNSMASQ_H
#define LOAD_DNSMASQ_H

#include "load/imports.h"

/** Has it the lines of a dnsmasq.conf? */
bool dnsmasq_is_conf(const char *path);

/** See struct front_end. */
enum status dnsmasq_load(const struct import_item *items, struct declare *declare);

#endif
