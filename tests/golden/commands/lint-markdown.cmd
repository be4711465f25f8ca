lint --format markdown conf/conflicted/causeway.yaml
