explain --from vpc-eu p.corp.example -c tests/golden/commands/policies.yaml
