#include "load/hosts.h"

#include "load/words.h"

static const struct words_style style = { .comments = "#", .quotes = "" };

void
hosts_line(struct onprem *o, const struct yaml_node *const *words, size_t count,
	   const char *file, hosts_fn fn, void *context)
{
	struct addr addr;

	if (!addr_parse(words[0]->text, &addr)) {
		onprem_refuse(o, declare_place(file, words[0]), "\"%.80s\": an IP address is wanted",
			      words[0]->text);
		return;
	}
	for (size_t i = 1; i < count; i++)
		fn(context, words[0], words[i], i == 1, file);
}

void
hosts_read(struct onprem *o, const char *path, struct srcloc at, hosts_fn fn, void *context)
{
	struct onprem_file file;
	struct words words;

	if (!onprem_open(o, &file, path, at))
		return;
	words_init(&words, &style, o->nodes, file.text, file.len);
	while (words_next(&words)) {
		if (words.why)
			onprem_refuse(o, (struct srcloc){ file.source.path, words.why_line,
							  words.why_column }, "%s", words.why);
		if (words.count)
			hosts_line(o, words.word, words.count, file.source.path, fn, context);
	}
	words_fini(&words);
	onprem_close(o, &file);
}
