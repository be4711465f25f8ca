lint --format concise conf/onprem-forwarder.yaml
