diff --exit-zero tests/golden/commands/diff-new.yaml tests/golden/commands/diff-old.yaml
