lint --explain REA411 --format json
