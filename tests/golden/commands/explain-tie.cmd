explain --from vpc-app roster.crew.quay.example -c conf/conflicted/causeway.yaml
