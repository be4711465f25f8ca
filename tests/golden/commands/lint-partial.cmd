lint --format concise --allow-partial conf/conflicted/dangling.yaml
