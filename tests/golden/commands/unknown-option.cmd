lint --selekt ZON conf/hybrid.yaml
