explain --from vpc-eu m.corp.example -c tests/golden/commands/policies.yaml
