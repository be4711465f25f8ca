explain -c tests/golden/SEC902/estate.yaml --from vpc-hub --format json erp.dc.example
