lint --fail-on-new conf/hybrid.yaml
