lint tests/golden/commands/lint-template.yaml
