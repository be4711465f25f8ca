lint --explain ZON103
