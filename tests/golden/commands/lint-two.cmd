lint --select ZON101 tests/golden/commands/twin-app.yaml tests/golden/commands/twin-data.yaml
