lint --format concise conf/sidecar.yaml
