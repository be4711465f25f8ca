lint --format rdjson conf/conflicted/causeway.yaml
