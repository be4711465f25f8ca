diff --format json tests/golden/commands/diff-old.yaml tests/golden/commands/diff-new.yaml
