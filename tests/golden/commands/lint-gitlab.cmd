lint --format gitlab conf/conflicted/causeway.yaml
