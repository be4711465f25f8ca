lint --format concise conf
