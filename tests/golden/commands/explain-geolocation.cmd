explain --from vpc-us g.corp.example -c tests/golden/commands/policies.yaml
