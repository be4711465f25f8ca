lint --list
