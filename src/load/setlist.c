#include "load/setlist.h"

#include "load/jsonbind.h"
#include "load/jsontree.h"

const struct schema_key setlist_row = {
	"ResourceRecordSets", SCHEMA_MAP, .list = true, .map = MAP_API_SET,
};

bool
setlist_read(struct json *j, struct bind *sets, struct arena *scratch, bool once)
{
	for (;;) {
		struct arena_mark mark = arena_mark(scratch);
		enum json_token token = json_next(j);
		struct yaml_item item = { 0 };
		struct yaml_node list = { .kind = YAML_SEQUENCE, .count = 1, .first = &item };

		if (token == JSON_ARRAY_END)
			return true;
		if (token == JSON_OBJECT && jsonbind_item(sets, j, &setlist_row)) {
			if (sets->nomem)
				return false;
			continue;
		}
		item.value = jsontree_read(j, token, scratch);
		if (item.value && once && yaml_says_twice(item.value))
			j->status = ERR_MALFORMED;
		if (!item.value || j->status != OK)
			return false;
		bind_list(sets, &setlist_row, &list, NULL);
		arena_rewind(scratch, mark);
		if (sets->nomem)
			return false;
	}
}
