lint --format concise conf/hybrid.yaml conf/sidecar.yaml
