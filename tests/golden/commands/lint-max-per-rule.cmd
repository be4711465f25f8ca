lint --format concise --select ZON101 --max-per-rule 1 tests/golden/commands/twin-app.yaml tests/golden/commands/twin-data.yaml
