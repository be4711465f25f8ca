lint --format concise conf/conflicted/dangling.yaml conf/hybrid.yaml
