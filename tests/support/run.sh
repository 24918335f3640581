#!/bin/sh
# Runs the test binary and counts:  run.sh BUILD-FOLDER [FILTER]
# Every skip is printed with its reason. The last line is for machines.
out=$1
[ -z "${2-}" ] || set -- "$1" --filter "$2"
shift
export PODIUM_BUILD="$out"
"$out/podium-tests" --timeout 180 --tap="$out/tests.tap" "$@"
rc=$?
[ -s "$out/tests.tap" ] || { echo "no test results were written"; echo "0 passed, 1 failed, 0 skipped"; exit 1; }
sed -n 's/^ *ok .*- \(.*\) # SKIP \(.*\)/skipped: \1: \2/p' "$out/tests.tap"
awk '/^ *ok .*# SKIP/ { s++; next } /^ *ok/ { p++ } /^ *not ok/ { f++ }
     END { printf "%d passed, %d failed, %d skipped\n", p, f, s; exit f > 0 }' "$out/tests.tap" || rc=1
exit $rc
