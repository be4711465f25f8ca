#include "lint/foreign.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "dns/name.h"

/* Country codes with a registry: two letters each, a blank behind each. */
static const char countries[] =
	"ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo "
	"br bs bt bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm "
	"do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs "
	"gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km "
	"kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp "
	"mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk "
	"pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss "
	"st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va "
	"vc ve vg vi vn vu wf ws ye yt za zm zw ";

static const char *const generic[] = {
	"aero", "app", "arpa", "asia", "biz", "blog", "cat", "cloud", "club", "com", "coop",
	"dev", "edu", "email", "gov", "group", "health", "host", "info", "int", "jobs", "live",
	"ltd", "mil", "mobi", "museum", "name", "net", "news", "online", "org", "page", "post",
	"pro", "services", "shop", "site", "software", "solutions", "space", "store", "systems",
	"team", "tech", "tel", "top", "travel", "web", "website", "wiki", "work", "world", "xyz",
	"zip",
};

/* The second level of registries: of these countries ... */
static const char *const registries[] = {
	"au", "br", "cn", "hk", "id", "il", "in", "jp", "ke", "kr", "mx", "my", "ng", "nz", "pl",
	"sg", "th", "tr", "tw", "ua", "uk", "za",
};

/* ... these labels. */
static const char *const second_level[] = {
	"ac", "co", "com", "edu", "go", "gob", "gov", "ltd", "me", "ne", "net", "or", "org", "plc",
};

static const char *const providers[] = {
	"amazon.com", "amazonaws.com", "amazonaws.com.cn", "api.aws", "aws", "aws.amazon.com",
	"awsapps.com", "azure.com", "cloudapp.azure.com", "cloudfront.net", "core.windows.net",
	"elasticbeanstalk.com", "on.aws", "windows.net",
};

/* Below these AWS gives names to its services, and Regions a domain each. */
static const char *const services[] = { "amazonaws.com", "amazonaws.com.cn", "api.aws" };

static bool
is_listed(const char *text, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(text, list[i]) == 0)
			return true;
	return false;
}

static bool
is_tld(const char *label)
{
	char code[4];

	if (is_listed(label, generic, COUNT_OF(generic)))
		return true;
	snprintf(code, sizeof(code), "%.2s ", label);
	return strlen(label) == 2 && strstr(countries, code);
}

/** "eu-west-1", "us-gov-east-1": how all Regions are called. */
static bool
is_region(const uint8_t *label, size_t len)
{
	size_t dashes = 0;

	for (size_t i = 0; i < len; i++)
		dashes += label[i] == '-';
	return dashes >= 2 && label[len - 1] >= '1' && label[len - 1] <= '9' &&
	       label[len - 2] == '-';
}

static bool
is_service_domain(const uint8_t *name)
{
	for (size_t i = 0; i < COUNT_OF(services); i++) {
		struct name domain;

		if (name_parse(services[i], &domain) == OK &&
		    name_wire_equal(name, domain.wire))
			return true;
	}
	return false;
}

/** One label at the end of `text`, which is without its last dot. */
static bool
is_registry(const char *text)
{
	const char *dot = strchr(text, '.');
	char first[NAME_MAX_LABEL + 1];

	if (!dot || (size_t)(dot - text) >= sizeof(first))
		return false;
	memcpy(first, text, (size_t)(dot - text));
	first[dot - text] = '\0';
	return is_listed(dot + 1, registries, COUNT_OF(registries)) &&
	       is_listed(first, second_level, COUNT_OF(second_level));
}

enum foreign
foreign_kind(const uint8_t *name)
{
	char text[NAME_TEXT_MAX];
	uint8_t labels = name_wire_labels(name);

	name_print(name, text);
	text[strlen(text) - 1] = '\0';
	if (labels == 0)
		return FOREIGN_ROOT;
	if (is_listed(text, providers, COUNT_OF(providers)) ||
	    (is_region(name + 1, name[0]) && is_service_domain(name_wire_parent(name))))
		return FOREIGN_PROVIDER;
	if (labels == 1 && is_tld(text))
		return FOREIGN_TLD;
	return labels == 2 && is_registry(text) ? FOREIGN_SUFFIX : FOREIGN_NOT;
}

bool
foreign_is_service(const uint8_t *name)
{
	for (; *name; name = name_wire_parent(name))
		if (is_service_domain(name))
			return true;
	return false;
}
