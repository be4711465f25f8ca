lnit conf/hybrid.yaml
