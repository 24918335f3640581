#!/bin/sh
# The main job, end to end: the shipped model answers both suites and the scores are printed.
#   demo.sh BUILD-FOLDER
set -eu
out=$1
mkdir -p build/demo
for suite in arith programs; do
    rm -f "build/demo/$suite.db"*
    "$out/podium" run "$suite" --model assets/tiny --out "build/demo/$suite.db"
done
