lint --format concise --select ZON,PRE201 --ignore ZON103 conf/conflicted/causeway.yaml
