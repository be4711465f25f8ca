lint --format concise --allow-partial tests/golden/CFG001/estate.yaml
