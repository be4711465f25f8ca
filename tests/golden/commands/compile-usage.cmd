compile -c conf/hybrid.yaml
