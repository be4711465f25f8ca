lint --output concise --output sarif=/dev/null conf/conflicted/causeway.yaml
