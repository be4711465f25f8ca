explain --from vpc-app status.dc.quay.example -c conf/hybrid.yaml
