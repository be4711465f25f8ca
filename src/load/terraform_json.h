/*
 * terraform_json - what the readers of Terraform's JSON share
 */
#ifndef LOAD_TERRAFORM_JSON_H
#define LOAD_TERRAFORM_JSON_H

#include "load/json.h"
#include "load/terraform_model.h"

/** Pass by the value that begins with the token just read.  false: the text failed. */
static inline bool
tf_skip(struct json *json, enum json_token token)
{
	if (token == JSON_OBJECT || token == JSON_ARRAY)
		return json_leave(json, json->depth - 1);
	return token != JSON_FAILED;
}

#endif
