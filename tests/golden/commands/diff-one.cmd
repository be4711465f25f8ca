diff tests/golden/commands/diff-old.yaml
