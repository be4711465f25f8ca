explain --format json --from vpc-eu w.corp.example -c tests/golden/commands/policies.yaml
