explain --from 10.2.0.1 www.corp.example -c tests/golden/commands/off.yaml
