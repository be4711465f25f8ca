explain --from vpc-app 5.0.1.10.in-addr.arpa PTR -c conf/conflicted/causeway.yaml
