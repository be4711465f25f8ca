lint --format concise tests/golden/commands/lint-codes.yaml
