lint --format concise conf/hybrid.yaml conf/onprem-forwarder.yaml conf/sidecar.yaml
