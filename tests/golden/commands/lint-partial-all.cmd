lint --format concise --select CFG,ZON101,PEE506,FWD --allow-partial tests/golden/commands/partial.yaml
