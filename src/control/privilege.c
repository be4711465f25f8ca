#include "control/privilege.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

void
privilege_pin(void)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

uint64_t
privilege_descriptors(uint64_t wanted)
{
	struct rlimit limit, more;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 0;
	if (limit.rlim_cur >= wanted)
		return limit.rlim_cur;
	more.rlim_cur = wanted;
	more.rlim_max = limit.rlim_max > wanted ? limit.rlim_max : wanted;
	if (setrlimit(RLIMIT_NOFILE, &more) == 0)
		return wanted;
	/* raising the hard limit takes root; up to it anyone may go */
	more.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	more.rlim_max = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &more) == 0)
		return more.rlim_cur;
	return limit.rlim_cur;
}

void
privilege_ids(const char *user, uid_t *uid, gid_t *gid)
{
	const struct passwd *to = geteuid() == 0 ? getpwnam(user) : NULL;

	*uid = to ? to->pw_uid : (uid_t)-1;
	*gid = to ? to->pw_gid : (gid_t)-1;
}

static enum status
become(const struct passwd *to, const struct log *log)
{
	if (initgroups(to->pw_name, to->pw_gid) != 0 || setgid(to->pw_gid) != 0 ||
	    setuid(to->pw_uid) != 0) {
		log_write(log, LOG_LEVEL_ERROR, "cannot become user \"%s\": %s", to->pw_name,
			  strerror(errno));
		return ERR_SYSTEM;
	}
	return OK;
}

enum status
privilege_drop(const char *user, const struct log *log)
{
	const struct passwd *to = getpwnam(user);

	if (geteuid() != 0) {
		if (!to || to->pw_uid != geteuid())
			log_write(log, LOG_LEVEL_NOTICE, "server.user \"%s\" is not used: only "
				  "root can become another user", user);
		return OK;
	}
	if (!to || to->pw_uid == 0) {
		log_write(log, LOG_LEVEL_ERROR, "server.user: %s \"%s\"",
			  to ? "this would stay root:" : "there is no user", user);
		return ERR_REJECTED;
	}
	return become(to, log);
}
