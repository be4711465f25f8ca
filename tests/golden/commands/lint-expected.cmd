lint --format concise --select PEE506 tests/golden/PEE506/estate.yaml --fail-on note --exit-zero
