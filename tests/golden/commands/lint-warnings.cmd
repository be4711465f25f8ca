lint --format concise --select PRE203 conf/conflicted/causeway.yaml
