explain --from vpc-app erp.cloud.quay.example --format json -c conf/hybrid.yaml
