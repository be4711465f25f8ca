explain --from rslvr-in-hub erp.dc.quay.example -c conf/hybrid.yaml
