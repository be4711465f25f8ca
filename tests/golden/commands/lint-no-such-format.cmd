lint --output nonsense conf/hybrid.yaml
