explain --from vpc-us l.corp.example -c tests/golden/commands/policies.yaml
