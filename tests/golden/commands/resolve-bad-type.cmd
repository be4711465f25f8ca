resolve --from vpc-app a.b WAT -c conf/hybrid.yaml
