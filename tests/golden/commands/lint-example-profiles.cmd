lint --format concise conf/profiles.yaml
