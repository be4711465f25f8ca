diff tests/golden/commands/diff-old.yaml tests/golden/commands/diff-old.yaml
