lint --format azure conf/conflicted/causeway.yaml
