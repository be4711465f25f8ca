# tests/golden - what causeway prints, held against what it should print
#
# make golden-update writes the expectations anew; read the diff afterwards.

TESTS += tests/golden/run
