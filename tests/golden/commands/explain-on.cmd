explain -c tests/golden/SEC902/estate.yaml --from vpc-hub erp.dc.example
