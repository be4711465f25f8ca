lint --format jsonl conf/conflicted/causeway.yaml
