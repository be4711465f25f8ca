lint --format concise --select ZON101 --exit-zero conf/conflicted/causeway.yaml
