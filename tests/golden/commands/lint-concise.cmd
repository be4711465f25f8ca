lint --format concise conf/conflicted/causeway.yaml
