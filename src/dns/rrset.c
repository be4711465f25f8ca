#include "dns/rrset.h"

#include "dns/codes.h"
#include "dns/rdata.h"

#define RRSET_MAX_OCTETS 65535

static void
put_record(struct writer *out, uint16_t type, uint32_t ttl_s, struct rdata rdata)
{
	writer_u16(out, 0xc00c);
	writer_u16(out, type);
	writer_u16(out, CLASS_IN);
	writer_u32(out, ttl_s);
	writer_u16(out, rdata.len);
	writer_bytes(out, rdata.data, rdata.len);
}

enum status
rrset_encode(struct writer *out, uint16_t type, uint32_t ttl_s, struct rdata rdata,
	     uint16_t *names, uint16_t *name_count)
{
	struct writer before = *out;
	size_t data_at = out->len + RRSET_FIXED_OCTETS;
	struct rdata_names found;

	if (rdata_check(type, rdata.data, rdata.len, &found) != OK)
		return ERR_MALFORMED;
	if (*name_count + found.count > RRSET_MAX_NAMES || data_at + rdata.len > RRSET_MAX_OCTETS)
		return ERR_LIMIT;
	put_record(out, type, ttl_s, rdata);
	if (out->failed) {
		*out = before;
		return ERR_LIMIT;
	}
	for (unsigned i = 0; i < found.count; i++)
		names[(*name_count)++] = (uint16_t)(data_at + found.at[i]);
	return OK;
}

struct rrset_walk
rrset_begin(const struct rrset *set)
{
	return (struct rrset_walk){ .at = set->wire, .end = set->wire + set->wire_len };
}

bool
rrset_next(struct rrset_walk *walk, struct rdata *out)
{
	if (walk->at == walk->end)
		return false;
	out->len = load_u16(walk->at + RRSET_FIXED_OCTETS - 2);
	out->data = walk->at + RRSET_FIXED_OCTETS;
	walk->at = out->data + out->len;
	return true;
}
