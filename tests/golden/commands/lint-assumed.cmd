lint --select ZON101 tests/golden/commands/assumed.yaml
