#include "load/named_clients.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

#define LISTS_DEEP  16		/* acls that name each other in a row: a ring ends here, too */
#define BLOCKS_MOST 10000	/* words of one list, those of the acls it names included */

struct clients {
	struct onprem *o;
	const struct named_statement *acls;
	struct yaml_node *blocks;
	const struct yaml_node *like;	/* where the list is used: acls may be in other files */
	unsigned words;
};

/** "10/8", "10.1/16", "10.": the octets that are left out are zero. */
static const char *
whole_block(struct onprem *o, const char *text)
{
	size_t len = strcspn(text, "/");
	unsigned dots = 0;

	if (strspn(text, "0123456789.") < len || !len)
		return text;
	for (size_t i = 0; i < len; i++)
		dots += text[i] == '.';
	if (text[len - 1] == '.')
		len--, dots--;
	if (dots > 3)
		return text;
	return onprem_text(o, "%.*s%s%s", (int)len, text, &".0.0.0"[2 * dots],
			   text[len] == '.' ? "" : text + len);
}

static bool
is_block(const char *text)
{
	struct prefix prefix;

	return prefix_parse(text, &prefix) != ERR_MALFORMED;
}

static void add_list(struct clients *c, const struct named_statement *list, unsigned deep);

static const struct named_statement *
find_acl(const struct clients *c, const char *name)
{
	for (const struct named_statement *s = c->acls; s; s = s->next)
		if (named_is(s, "acl") && strcmp(named_text(s, 1), name) == 0)
			return s;
	return NULL;
}

static void
not_modelled(struct clients *c, const struct named_statement *s, const char *what,
	     const char *word)
{
	onprem_not_modelled(c->o, named_place(s), "%s \"%.80s\": no CIDR block of the site says "
			    "this, it is left out", what, word);
}

static void
add_word(struct clients *c, const struct named_statement *s, unsigned deep)
{
	const char *word = named_text(s, 0), *block = whole_block(c->o, word);
	const struct named_statement *acl = find_acl(c, word);

	if (strcasecmp(word, "any") == 0 || strcasecmp(word, "none") == 0)
		return;
	if (word[0] == '!')
		not_modelled(c, s, "a negation", named_text(s, word[1] ? 0 : 1));
	else if (strcasecmp(word, "key") == 0 || strcasecmp(word, "geoip") == 0 ||
		 strcasecmp(word, "localhost") == 0 || strcasecmp(word, "localnets") == 0)
		not_modelled(c, s, word, named_text(s, 1));
	else if (acl && deep < LISTS_DEEP)
		add_list(c, named_block(acl), deep + 1);
	else if (acl)
		onprem_refuse(c->o, named_place(acl), "acl \"%.80s\" names itself", word);
	else if (is_block(block))
		nodes_append(c->o->nodes, c->blocks, nodes_text(c->o->nodes, block, c->like));
	else
		onprem_refuse(c->o, named_place(s), "\"%.80s\": an address, a block as 10.0.0.0/8 "
			      "or the name of an acl is wanted", word);
}

static void
add_list(struct clients *c, const struct named_statement *list, unsigned deep)
{
	for (const struct named_statement *s = list; s && !c->o->nodes->nomem; s = s->next) {
		if (c->words++ >= BLOCKS_MOST) {
			if (c->words == BLOCKS_MOST + 1)
				onprem_refuse(c->o, named_place(s), "10,000 blocks are the limit");
			return;
		}
		if (named_word(s, 0))
			add_word(c, s, deep);
		else
			add_list(c, named_block(s), deep + 1);
	}
}

struct yaml_node *
named_clients(struct onprem *o, const struct named_statement *acls,
	      const struct named_statement *statement)
{
	const struct yaml_node *like = named_word(statement, 0);
	struct clients c = { o, acls, nodes_list(o->nodes, like), like, 0 };

	add_list(&c, named_block(statement), 0);
	return c.blocks && c.blocks->count ? c.blocks : NULL;
}

void
named_listens(struct onprem *o, const struct named_statement *statement, struct yaml_node *list)
{
	for (const struct named_statement *s = named_block(statement); s; s = s->next) {
		const char *word = named_text(s, 0);
		struct addr addr;

		if (addr_parse(word, &addr) && !addr_is_loopback(&addr))
			nodes_append(o->nodes, list, nodes_text(o->nodes, word, named_word(s, 0)));
	}
}
