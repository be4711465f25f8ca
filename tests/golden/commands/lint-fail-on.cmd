lint --format concise --select PRE203 --fail-on warning conf/conflicted/causeway.yaml
