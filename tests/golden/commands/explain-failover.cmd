explain --from vpc-eu f.corp.example -c tests/golden/commands/policies.yaml
