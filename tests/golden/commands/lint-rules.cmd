lint --rules
