resolve --from vpc-app erp.cloud.quay.example -c conf/hybrid.yaml
