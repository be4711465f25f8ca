resolve --from vpc-app cloud.quay.example MX --format json -c conf/hybrid.yaml
