lint --format concise conf/hybrid.yaml
