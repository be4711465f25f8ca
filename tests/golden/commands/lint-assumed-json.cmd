lint --format json --select ZON101 tests/golden/commands/assumed.yaml
