diff conf/none.yaml tests/golden/commands/diff-old.yaml
