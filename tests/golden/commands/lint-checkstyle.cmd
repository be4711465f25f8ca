lint --format checkstyle conf/conflicted/causeway.yaml
