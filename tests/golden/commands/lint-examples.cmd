lint --format concise conf/hybrid.yaml conf/onprem-forwarder.yaml conf/profiles.yaml conf/sidecar.yaml
