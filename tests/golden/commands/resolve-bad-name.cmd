resolve --from vpc-app a..b -c conf/hybrid.yaml
