lint --format concise --no-suppressions --select ZON101 tests/golden/CFG005/near-miss.yaml
