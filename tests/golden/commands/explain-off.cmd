explain --from vpc-off www.corp.example -c tests/golden/commands/off.yaml
