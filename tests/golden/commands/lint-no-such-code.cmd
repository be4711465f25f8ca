lint --select ZON1O1 conf/hybrid.yaml
