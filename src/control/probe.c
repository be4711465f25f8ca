#include "control/probe.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "estate/estate.h"

#define WHY_MAX	 160
#define URL_MAX	 1024

struct probes {
	uv_loop_t *loop;
	CURLM *multi;
	uv_timer_t timer;		/* libcurl's */
	probe_done_fn done;
	struct probe *first;		/* all that are on their way */
};

/* A socket of libcurl's that is watched for it. */
struct watched {
	struct probes *probes;
	uv_poll_t poll;
	curl_socket_t fd;
};

struct probe {
	struct probes *probes;
	struct probe *next, **link;
	void *context;
	CURL *easy;
	struct curl_slist *connect_to;
	uv_timer_t deadline;		/* of the stage it is in */
	bool stream;			/* TCP: to be connected is all */
	bool late;
	long status;			/* HTTP; 0: none yet */
	char *search;			/* NULL: the status is all */
	bool found;
	size_t fields_len, body_len;
	char body[PROBE_BODY_OCTETS];
};

/* --- the end of a probe --- */

static void
deadline_closed(uv_handle_t *handle)
{
	struct probe *p = handle->data;

	free(p->search);
	free(p);
}

void
probe_cancel(struct probe *p)
{
	*p->link = p->next;
	if (p->next)
		p->next->link = p->link;
	curl_multi_remove_handle(p->probes->multi, p->easy);
	curl_easy_cleanup(p->easy);
	curl_slist_free_all(p->connect_to);
	uv_close((uv_handle_t *)&p->deadline, deadline_closed);
}

static bool
status_is_good(const struct probe *p)
{
	return p->status >= 200 && p->status < 400;
}

/** Was it good?  If not, `why` says so. */
static bool
judge(const struct probe *p, CURLcode code, char why[WHY_MAX])
{
	if (p->late)
		snprintf(why, WHY_MAX, "it took too long");
	else if (p->stream && code == CURLE_OK)
		return true;
	else if (p->stream || p->status == 0)
		snprintf(why, WHY_MAX, "%s", code == CURLE_OK ? "no answer"
							      : curl_easy_strerror(code));
	else if (!status_is_good(p))
		snprintf(why, WHY_MAX, "HTTP status %ld", p->status);
	else if (p->search && !p->found)
		snprintf(why, WHY_MAX, "the search string is not in the answer");
	else
		return true;
	return false;
}

static void
finish(struct probe *p, CURLcode code)
{
	probe_done_fn done = p->probes->done;
	void *context = p->context;
	char why[WHY_MAX];
	bool good = judge(p, code, why);

	probe_cancel(p);
	done(context, good, good ? NULL : why);
}

/** libcurl has done something: which probes has that ended? */
static void
collect(struct probes *probes)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(probes->multi, &left))) {
		CURLcode code = message->data.result;
		struct probe *p = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &p);
		if (p)	/* the message is spent with its handle */
			finish(p, code);
	}
}

static void
on_deadline(uv_timer_t *timer)
{
	struct probe *p = timer->data;

	p->late = true;
	finish(p, CURLE_OPERATION_TIMEDOUT);
}

/* --- libcurl on the loop --- */

static void
on_curl_timer(uv_timer_t *timer)
{
	struct probes *probes = timer->data;
	int running;

	curl_multi_socket_action(probes->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	collect(probes);
}

static int
set_timer(CURLM *multi, long timeout_ms, void *context)
{
	struct probes *probes = context;

	(void)multi;
	if (timeout_ms < 0)
		uv_timer_stop(&probes->timer);
	else
		uv_timer_start(&probes->timer, on_curl_timer, (uint64_t)timeout_ms, 0);
	return 0;
}

static void
on_ready(uv_poll_t *poll, int status, int events)
{
	struct watched *watched = poll->data;
	struct probes *probes = watched->probes;
	int flags = 0, running;

	if (status < 0)
		flags = CURL_CSELECT_ERR;
	if (events & UV_READABLE)
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	curl_multi_socket_action(probes->multi, watched->fd, flags, &running);
	collect(probes);
}

static void
watched_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static struct watched *
watch(struct probes *probes, curl_socket_t fd)
{
	struct watched *watched = calloc(1, sizeof(*watched));

	if (!watched)
		return NULL;
	watched->probes = probes;
	watched->fd = fd;
	watched->poll.data = watched;
	if (uv_poll_init_socket(probes->loop, &watched->poll, fd) != 0) {
		free(watched);
		return NULL;
	}
	curl_multi_assign(probes->multi, fd, watched);
	return watched;
}

static int
set_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *assigned)
{
	struct probes *probes = context;
	struct watched *watched = assigned;
	int events = 0;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (watched)
			uv_close((uv_handle_t *)&watched->poll, watched_closed);
		curl_multi_assign(probes->multi, fd, NULL);
		return 0;
	}
	if (!watched)
		watched = watch(probes, fd);
	if (!watched)
		return 0;	/* the deadline ends the probe; -1 would end all of them */
	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		events |= UV_READABLE;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		events |= UV_WRITABLE;
	uv_poll_start(&watched->poll, events, on_ready);
	return 0;
}

/* --- what an HTTP server sends --- */

/** Connected, TLS included: the request goes out. */
static int
on_connected(void *context, char *ip, char *local_ip, int port, int local_port)
{
	struct probe *p = context;

	(void)ip;
	(void)local_ip;
	(void)port;
	(void)local_port;
	uv_timer_start(&p->deadline, on_deadline, PROBE_STATUS_MS, 0);
	return CURL_PREREQFUNC_OK;
}

/** A header field with its end of line.  0: enough was seen. */
static size_t
on_field(char *field, size_t size, size_t count, void *context)
{
	struct probe *p = context;
	size_t len = size * count;
	long status = 0;

	p->fields_len += len;
	if (p->fields_len > PROBE_FIELDS_OCTETS)
		return 0;
	if (len > 2 || (field[0] != '\r' && field[0] != '\n'))
		return len;
	curl_easy_getinfo(p->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status < 200)	/* 1xx: the answer comes behind it */
		return len;
	p->status = status;
	if (!p->search || !status_is_good(p))
		return 0;
	uv_timer_start(&p->deadline, on_deadline, PROBE_BODY_MS, 0);
	return len;
}

/** Some of the body.  0: enough was seen. */
static size_t
on_body(char *octets, size_t size, size_t count, void *context)
{
	struct probe *p = context;
	size_t len = size * count, room = sizeof(p->body) - p->body_len;

	if (!p->search)
		return 0;
	memcpy(p->body + p->body_len, octets, len < room ? len : room);
	p->body_len += len < room ? len : room;
	p->found = memmem(p->body, p->body_len, p->search, strlen(p->search)) != NULL;
	return p->found || len >= room ? 0 : len;
}

/* --- the beginning of a probe --- */

static bool
is_https(uint32_t type)
{
	return type == HEALTH_HTTPS || type == HEALTH_HTTPS_STR_MATCH;
}

static bool
is_match(uint32_t type)
{
	return type == HEALTH_HTTP_STR_MATCH || type == HEALTH_HTTPS_STR_MATCH;
}

/** The address to connect to; false: it is to be looked up. */
static bool
address_of(const struct snapshot_health *check, struct addr *addr)
{
	static const uint8_t none[sizeof(check->ip)];

	*addr = (struct addr){ .port = (uint16_t)check->port };
	memcpy(addr->ip, check->ip, sizeof(addr->ip));
	if (addr->port == 0)
		addr->port = is_https(check->type) ? 443 : 80;
	return memcmp(check->ip, none, sizeof(none)) != 0;
}

/** false: it does not fit, which only an image from elsewhere can cause. */
static bool
make_url(const struct snapshot *snap, const struct snapshot_health *check, char url[URL_MAX])
{
	const char *host = snapshot_string(snap, check->domain_name_at);
	const char *path = snapshot_string(snap, check->resource_path_at);
	const char *scheme = is_https(check->type) ? "https" : "http";
	char text[ADDR_TEXT_MAX];
	struct addr addr;
	int len;

	address_of(check, &addr);
	if (*host)
		len = snprintf(url, URL_MAX, "%s://%s:%u%s%s", scheme, host,
			       (unsigned)addr.port, *path == '/' ? "" : "/", path);
	else
		len = snprintf(url, URL_MAX, "%s://%s%s%s", scheme, addr_print_port(&addr, text),
			       *path == '/' ? "" : "/", path);
	return len > 0 && len < URL_MAX;
}

/** Whatever the host is called, connect to this address. */
static bool
set_address(struct probe *p, const struct snapshot_health *check)
{
	char text[ADDR_TEXT_MAX], to[ADDR_TEXT_MAX + 2];
	struct addr addr;

	if (!address_of(check, &addr))
		return curl_easy_setopt(p->easy, CURLOPT_IPRESOLVE, CURL_IPRESOLVE_V4) == CURLE_OK;
	snprintf(to, sizeof(to), "::%s", addr_print_port(&addr, text));
	p->connect_to = curl_slist_append(NULL, to);
	return p->connect_to &&
	       curl_easy_setopt(p->easy, CURLOPT_CONNECT_TO, p->connect_to) == CURLE_OK;
}

/** What holds for every probe. */
static void
set_manners(struct probe *p)
{
	curl_easy_setopt(p->easy, CURLOPT_PRIVATE, p);
	curl_easy_setopt(p->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(p->easy, CURLOPT_QUICK_EXIT, 1L);	/* wait for no resolver thread */
	curl_easy_setopt(p->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(p->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(p->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(p->easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(p->easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(p->easy, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(p->easy, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(p->easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
	curl_easy_setopt(p->easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(p->easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(p->easy, CURLOPT_USERAGENT,
			 "causeway/" PACKAGE_VERSION " (health check)");
	curl_easy_setopt(p->easy, CURLOPT_PREREQFUNCTION, on_connected);
	curl_easy_setopt(p->easy, CURLOPT_PREREQDATA, p);
	curl_easy_setopt(p->easy, CURLOPT_HEADERFUNCTION, on_field);
	curl_easy_setopt(p->easy, CURLOPT_HEADERDATA, p);
	curl_easy_setopt(p->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(p->easy, CURLOPT_WRITEDATA, p);
	curl_easy_setopt(p->easy, CURLOPT_CONNECT_ONLY, p->stream ? 1L : 0L);
}

/** All but the handles of the loop. */
static bool
prepare(struct probe *p, const struct snapshot *snap, const struct snapshot_health *check)
{
	char url[URL_MAX];

	p->stream = check->type == HEALTH_TCP;
	if (is_match(check->type)) {
		p->search = strdup(snapshot_string(snap, check->search_string_at));
		if (!p->search)
			return false;
	}
	p->easy = curl_easy_init();
	if (!p->easy || !make_url(snap, check, url) || !set_address(p, check))
		return false;
	set_manners(p);
	return curl_easy_setopt(p->easy, CURLOPT_URL, url) == CURLE_OK;
}

static void
link_up(struct probes *probes, struct probe *p)
{
	p->probes = probes;
	p->next = probes->first;
	p->link = &probes->first;
	if (p->next)
		p->next->link = &p->next;
	probes->first = p;
}

struct probe *
probe_start(struct probes *probes, const struct snapshot *snap,
	    const struct snapshot_health *check, void *context)
{
	struct probe *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->context = context;
	if (!prepare(p, snap, check)) {
		if (p->easy)
			curl_easy_cleanup(p->easy);
		curl_slist_free_all(p->connect_to);
		free(p->search);
		free(p);
		return NULL;
	}
	link_up(probes, p);
	uv_timer_init(probes->loop, &p->deadline);
	p->deadline.data = p;
	uv_timer_start(&p->deadline, on_deadline,
		       p->stream ? PROBE_TCP_CONNECT_MS : PROBE_HTTP_CONNECT_MS, 0);
	if (curl_multi_add_handle(probes->multi, p->easy) == CURLM_OK)
		return p;
	probe_cancel(p);
	return NULL;
}

struct probes *
probes_new(uv_loop_t *loop, probe_done_fn done)
{
	struct probes *probes = calloc(1, sizeof(*probes));

	if (!probes)
		return NULL;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(probes);
		return NULL;
	}
	probes->multi = curl_multi_init();
	if (!probes->multi) {
		curl_global_cleanup();
		free(probes);
		return NULL;
	}
	probes->loop = loop;
	probes->done = done;
	uv_timer_init(loop, &probes->timer);
	probes->timer.data = probes;
	curl_multi_setopt(probes->multi, CURLMOPT_SOCKETFUNCTION, set_socket);
	curl_multi_setopt(probes->multi, CURLMOPT_SOCKETDATA, probes);
	curl_multi_setopt(probes->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(probes->multi, CURLMOPT_TIMERDATA, probes);
	return probes;
}

static void
timer_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void
probes_free(struct probes *probes)
{
	if (!probes)
		return;
	while (probes->first)
		probe_cancel(probes->first);
	curl_multi_cleanup(probes->multi);
	curl_global_cleanup();
	uv_close((uv_handle_t *)&probes->timer, timer_closed);
}
