resolve --from vpc-ap www.example.net -c conf/hybrid.yaml
