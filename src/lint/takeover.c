#include "lint/takeover.h"

#include <string.h>

#include "base/bytes.h"

/* The endpoints of bucket websites: old Regions with a dash, newer ones with a dot. */
#define WEBSITE(between, region)						\
	{ "s3-website" between region ".amazonaws.com", "an S3 bucket website" }

static const struct takeover_service services[] = {
	/* Amazon S3: names of buckets are global */
	{ "s3.amazonaws.com", "an S3 bucket" },
	WEBSITE("-", "ap-northeast-1"), WEBSITE("-", "ap-southeast-1"),
	WEBSITE("-", "ap-southeast-2"), WEBSITE("-", "eu-west-1"), WEBSITE("-", "sa-east-1"),
	WEBSITE("-", "us-east-1"), WEBSITE("-", "us-west-1"), WEBSITE("-", "us-west-2"),
	WEBSITE(".", "af-south-1"), WEBSITE(".", "ap-east-1"), WEBSITE(".", "ap-northeast-2"),
	WEBSITE(".", "ap-northeast-3"), WEBSITE(".", "ap-south-1"), WEBSITE(".", "ca-central-1"),
	WEBSITE(".", "eu-central-1"), WEBSITE(".", "eu-north-1"), WEBSITE(".", "eu-south-1"),
	WEBSITE(".", "eu-west-2"), WEBSITE(".", "eu-west-3"), WEBSITE(".", "me-south-1"),
	WEBSITE(".", "us-east-2"),
	{ "elasticbeanstalk.com", "an Elastic Beanstalk environment" },
	/* Microsoft Azure */
	{ "azure-api.net", "an Azure API gateway" },
	{ "azurecontainer.io", "an Azure container group" },
	{ "azurecr.io", "an Azure container registry" },
	{ "azureedge.net", "an Azure CDN endpoint" },
	{ "azurehdinsight.net", "an Azure HDInsight cluster" },
	{ "azurewebsites.net", "an Azure App Service" },
	{ "blob.core.windows.net", "an Azure storage account" },
	{ "cloudapp.azure.com", "an Azure virtual machine" },
	{ "cloudapp.net", "an Azure cloud service" },
	{ "database.windows.net", "an Azure SQL server" },
	{ "redis.cache.windows.net", "an Azure cache" },
	{ "search.windows.net", "an Azure search service" },
	{ "servicebus.windows.net", "an Azure Service Bus namespace" },
	{ "trafficmanager.net", "an Azure Traffic Manager profile" },
	{ "web.core.windows.net", "an Azure static website" },
	/* pages, applications, help desks */
	{ "agilecrm.com", "an Agile CRM page" },
	{ "airee.ru", "an Airee page" },
	{ "animaapp.io", "an Anima page" },
	{ "bitbucket.io", "a Bitbucket page" },
	{ "canny.io", "a Canny board" },
	{ "cargocollective.com", "a Cargo page" },
	{ "ghost.io", "a Ghost blog" },
	{ "github.io", "a GitHub Pages site" },
	{ "hatenablog.com", "a Hatena blog" },
	{ "helpjuice.com", "a Help Juice page" },
	{ "helpscoutdocs.com", "a Help Scout page" },
	{ "herokuapp.com", "a Heroku application" },
	{ "herokudns.com", "a Heroku application" },
	{ "youtrack.cloud", "a YouTrack instance" },
	{ "launchrock.com", "a LaunchRock page" },
	{ "myshopify.com", "a Shopify shop" },
	{ "netlify.app", "a Netlify site" },
	{ "ngrok.io", "an ngrok tunnel" },
	{ "pantheonsite.io", "a Pantheon site" },
	{ "stats.pingdom.com", "a Pingdom status page" },
	{ "readme.io", "a Readme project" },
	{ "readthedocs.io", "a Read the Docs project" },
	{ "strikinglydns.com", "a Strikingly page" },
	{ "surge.sh", "a Surge site" },
	{ "stats.uptimerobot.com", "an Uptime Robot status page" },
	{ "vercel.app", "a Vercel project" },
	{ "wordpress.com", "a WordPress.com blog" },
	{ "worksites.net", "a Worksites page" },
};

const struct takeover_service *
takeover_services(uint32_t *count)
{
	*count = COUNT_OF(services);
	return services;
}

static const uint8_t *
row_wire(const struct takeover *t, uint32_t row)
{
	return t->wires + (size_t)row * NAME_MAX_OCTETS;
}

enum status
takeover_init(struct takeover *t, struct arena *arena)
{
	_Static_assert(2 * COUNT_OF(services) < COUNT_OF(((struct takeover *)0)->slots),
		       "at most half full");
	*t = (struct takeover){
		.hashes = arena_array(arena, COUNT_OF(services), sizeof(*t->hashes)),
		.wires = arena_array(arena, COUNT_OF(services), NAME_MAX_OCTETS),
	};
	if (!t->hashes || !t->wires)
		return ERR_NOMEM;
	for (uint32_t row = 0; row < COUNT_OF(services); row++) {
		uint32_t slot;
		struct name name;

		if (name_parse(services[row].suffix, &name) != OK)
			return ERR_MALFORMED;	/* our own mistake: test_takeover finds it */
		memcpy(t->wires + (size_t)row * NAME_MAX_OCTETS, name.wire, name.len);
		t->hashes[row] = name_hash(name.wire);
		slot = (uint32_t)t->hashes[row] % COUNT_OF(t->slots);
		while (t->slots[slot])
			slot = (slot + 1) % COUNT_OF(t->slots);
		t->slots[slot] = row + 1;
	}
	return OK;
}

uint32_t
takeover_find(const struct takeover *t, const struct name *name)
{
	struct suffixes suffixes;

	name_suffixes(name, &suffixes);
	for (unsigned k = 2; k < name->labels; k++) {
		uint32_t slot = (uint32_t)suffixes.hash[k] % COUNT_OF(t->slots);

		for (; t->slots[slot]; slot = (slot + 1) % COUNT_OF(t->slots)) {
			uint32_t row = t->slots[slot] - 1;

			if (t->hashes[row] == suffixes.hash[k] &&
			    name_wire_equal(row_wire(t, row), name->wire + suffixes.offset[k]))
				return row;
		}
	}
	return TAKEOVER_NONE;
}
