lint --explain ZON1O3
