lint --format github conf/conflicted/causeway.yaml
