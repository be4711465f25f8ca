explain --from vpc-hub git.dev.corp.example -c tests/golden/PRE202/near-miss.yaml
