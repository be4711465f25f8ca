lint tests/golden/commands/plan-route.json
