/*
 * status - the one small result that code passes upwards
 *
 * People are told by findings (base/diag); code is told by this.  A status travels up
 * unchanged and is reported once, where the location is known.
 */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#define must_check	   __attribute__((warn_unused_result))
#define printf_like(f, a)  __attribute__((format(printf, f, a)))

enum status {
	OK = 0,
	ERR_NOMEM,	/* the arena's limit or the machine's */
	ERR_SYSTEM,	/* a system call failed; errno says why */
	ERR_SHORT,	/* input ended early */
	ERR_MALFORMED,	/* input breaks its grammar */
	ERR_LIMIT,	/* well formed, but more than we accept */
	ERR_REJECTED,	/* findings of severity error were reported */
};

/** A short lower-case phrase for people: "out of memory", "input ended early". */
const char *status_text(enum status status);

#endif
