resolve --from vpc-hub a.b -c conf/conflicted/dangling.yaml
