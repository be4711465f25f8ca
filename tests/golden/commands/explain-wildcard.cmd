explain --from vpc-app x.preview.cloud.quay.example AAAA -c conf/hybrid.yaml
