explain --from vpc-lab ldap.dc.quay.example -c conf/profiles.yaml
