dump tests/golden/commands/octodns/zones
