#include "base/status.h"

const char *
status_text(enum status status)
{
	switch (status) {
	case OK:
		return "no error";
	case ERR_NOMEM:
		return "out of memory";
	case ERR_SYSTEM:
		return "a system call failed";
	case ERR_SHORT:
		return "input ended early";
	case ERR_MALFORMED:
		return "malformed input";
	case ERR_LIMIT:
		return "a limit was passed";
	case ERR_REJECTED:
		return "rejected";
	}
	return "unknown status";
}
