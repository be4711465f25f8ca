resolve --from vpc-app portal.cloud.quay.example -c conf/hybrid.yaml
