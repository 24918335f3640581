#!/bin/sh
# The main job, end to end: the shipped model answers both suites, podium grades what it says,
# compiling and running its programs in the sandbox, and prints the scores; and eight submissions to
# contest tasks are verified. Without java some of those cannot be judged, which is no failure here.
#   demo.sh BUILD-FOLDER [options of podium run]
# Exit code 3 of a run (some replies could not be graded: no toolchain here) still has its scores.
set -eu
out=$1
shift
mkdir -p build/demo
rc=0
for suite in arith programs; do
    rm -f "build/demo/$suite.db" "build/demo/$suite.db-wal" "build/demo/$suite.db-shm"
    echo "== podium run $suite --model assets/tiny --out build/demo/$suite.db $*"
    "$out/podium" run "$suite" --model assets/tiny --out "build/demo/$suite.db" "$@" || rc=$?
    [ "$rc" = 0 ] || [ "$rc" = 3 ] || exit "$rc"
    echo
done
v=assets/olympiad_cases/verify
echo "== podium verify $v/submissions.json --tasks assets/olympiad_cases/ioi --expect $v/EXPECTED.json"
verified=0
"$out/podium" verify "$v/submissions.json" --tasks assets/olympiad_cases/ioi --expect "$v/EXPECTED.json" || verified=$?
[ "$verified" = 0 ] || [ "$verified" = 3 ] || exit "$verified"
echo
echo "== podium report build/demo/arith.db build/demo/programs.db"
"$out/podium" report build/demo/arith.db build/demo/programs.db
exit "$rc"
