#include "load/imports.h"

#include <string.h>

#include "load/aws.h"
#include "load/cloudformation.h"
#include "load/corefile.h"
#include "load/dnsmasq.h"
#include "load/named.h"
#include "load/octodns.h"
#include "load/resolvconf.h"
#include "load/terraform.h"
#include "load/unbound.h"

static enum status
load_aws(const struct import_item *items, struct declare *d)
{
	enum status worst = OK;

	for (const struct import_item *i = items; i && worst != ERR_NOMEM; i = i->next) {
		enum status status = aws_load(i->path, i->at, d->objects, d->diags);

		if (status == ERR_NOMEM || worst == OK)
			worst = status;
	}
	return worst;
}

/* In the order in which they are asked and read; a folder of any sort counts as an export. */
static const struct front_end front_ends[] = {
	{ "octodns", offsetof(struct import_item, octodns), octodns_is, octodns_load },
	{ "aws", offsetof(struct import_item, aws), aws_is_export, load_aws },
	{ "terraform", offsetof(struct import_item, terraform), terraform_is, terraform_load },
	{ "cloudformation", offsetof(struct import_item, cloudformation), cloudformation_is,
	  cloudformation_load },
	{ "bind", offsetof(struct import_item, bind), named_is_conf, named_load },
	{ "unbound", offsetof(struct import_item, unbound), unbound_is_conf, unbound_load },
	{ "dnsmasq", offsetof(struct import_item, dnsmasq), dnsmasq_is_conf, dnsmasq_load },
	{ "coredns", offsetof(struct import_item, coredns), corefile_is_conf, corefile_load },
	{ "resolv_conf", offsetof(struct import_item, resolv_conf), resolvconf_is,
	  resolvconf_load },
};

const struct front_end *
imports_front_end(const char *path)
{
	for (size_t i = 0; i < COUNT_OF(front_ends); i++) {
		/* one key tells Terraform's; for an export all of the file is looked through */
		if (front_ends[i].is == aws_is_export && terraform_is(path))
			continue;
		if (front_ends[i].is(path))
			return &front_ends[i];
	}
	return NULL;
}

static void
append(struct objects *o, struct import_item *item)
{
	*(o->last_import ? &o->last_import->next : &o->imports) = item;
	o->last_import = item;
}

enum status
imports_add_path(struct objects *o, const struct front_end *front_end, const char *path,
		 const char *tf_dir)
{
	struct import_item *item = arena_alloc(o->scratch, sizeof(*item));

	if (!item)
		return ERR_NOMEM;
	*item = (struct import_item){ .front_end = front_end, .tf_dir = tf_dir };
	item->path = item->at.file = arena_string(&o->estate->arena, path);
	if (!item->path)
		return ERR_NOMEM;
	append(o, item);
	return OK;
}

static const char *
path_of(const struct import_item *item, const struct front_end *front_end)
{
	const char *path;

	memcpy(&path, (const char *)item + front_end->field, sizeof(path));
	return path;
}

void
imports_take(struct bind *b, struct objects *o, struct import_item *item)
{
	unsigned count = 0;

	for (size_t i = 0; i < COUNT_OF(front_ends); i++) {
		const char *path = path_of(item, &front_ends[i]);

		if (!path)
			continue;
		item->path = path;
		item->front_end = &front_ends[i];
		count++;
	}
	if (count == 1) {
		append(o, item);
		return;
	}
	o->incomplete = true;
	diag_report(b->diags, SEVERITY_ERROR, count ? "bad-value" : "missing-key", item->at,
		    count ? "import[]: each item names one input, and this names %u"
			  : "import[]: the item names no input (%u)", count);
}

/** The items of one form, taken out of the list into one of their own. */
static struct import_item *
take_out(struct objects *o, const struct front_end *front_end)
{
	struct import_item *first = NULL, **end = &first, **from = &o->imports, *item;

	while ((item = *from) != NULL) {
		if (item->front_end != front_end) {
			from = &item->next;
			continue;
		}
		*from = item->next;
		item->next = NULL;
		*end = item;
		end = &item->next;
	}
	return first;
}

enum status
imports_read(struct objects *o, struct bind *b, bool *some)
{
	struct declare declare = { .estate = o->estate, .objects = o, .diags = o->diags,
				   .scratch = o->scratch, .nodes = { .arena = o->scratch },
				   .bind = b };
	enum status worst = OK;

	for (size_t i = 0; i < COUNT_OF(front_ends) && worst != ERR_NOMEM; i++) {
		struct import_item *items = take_out(o, &front_ends[i]);
		enum status status = OK;

		o->from = front_ends[i].key;
		if (items)
			status = front_ends[i].load(items, &declare);
		o->from = NULL;

		*some |= items && status == OK;
		if (declare.nodes.nomem || b->nomem)
			status = ERR_NOMEM;
		if (status == ERR_NOMEM || worst == OK)
			worst = status;
		o->incomplete |= status != OK;
	}
	o->last_import = NULL;
	return worst;
}
