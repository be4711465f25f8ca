lint --format concise tests/golden/commands/lint-section.yaml
