lint --format concise conf/none.yaml
