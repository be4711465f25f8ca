explain --from 10.1.2.3 portal.cloud.quay.example -c conf/hybrid.yaml
