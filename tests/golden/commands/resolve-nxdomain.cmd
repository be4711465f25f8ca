resolve --from vpc-app nobody.cloud.quay.example -c conf/hybrid.yaml
