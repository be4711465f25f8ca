resolve --from vpc-app orders.cloud.quay.example -c conf/hybrid.yaml
