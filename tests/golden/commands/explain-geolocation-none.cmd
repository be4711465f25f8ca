explain --from vpc-eu g.corp.example -c tests/golden/commands/policies.yaml
