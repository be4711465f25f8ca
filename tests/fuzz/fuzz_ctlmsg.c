/*
 * fuzz_ctlmsg - what a client of the control socket sends: any octets as a request; what is
 * accepted can be written, and reads as the same again
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/ctlmsg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(int holds)
{
	if (!holds)
		abort();
}

static void
check_again(const struct ctl_request *request)
{
	char octets[CTL_REQUEST_OCTETS];
	struct ctl_request again;
	size_t len;

	require(ctl_request_write(request->words, request->count, octets, &len) == OK);
	require(ctl_request_read(octets, len, &again) == OK);
	require(again.count == request->count);
	for (unsigned i = 0; i < again.count; i++)
		require(strcmp(again.words[i], request->words[i]) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *octets = malloc(size + 1);	/* so that a step too far is seen */
	struct ctl_request request;
	enum status status;

	require(octets != NULL);
	memcpy(octets, data, size);
	status = ctl_request_read(octets, size, &request);
	if (status == OK)
		check_again(&request);
	else
		require(memcmp(octets, data, size) == 0);
	if (status == ERR_SHORT)
		require(size < CTL_REQUEST_OCTETS);
	(void)!ctl_reply_check((const char *)octets, size);
	free(octets);
	return 0;
}
