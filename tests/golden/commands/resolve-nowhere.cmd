resolve --from vpc-app www.example.net -c conf/hybrid.yaml
