#!/bin/sh
# Runs the test binary and counts:  run.sh BUILD-FOLDER [FILTER]
# Every skip is printed with its reason. A leak that a sanitizer reports after a test has ended
# does not turn that test red, so the log is searched for it. The last line is for machines.
out=$1
[ -z "${2-}" ] || set -- "$1" --filter "$2"
shift
export PODIUM_BUILD="$out"
export LSAN_OPTIONS="suppressions=tests/support/lsan.txt:print_suppressions=0"
rm -f "$out/tests.tap"
{ "$out/podium-tests" --timeout 600 --tap="$out/tests.tap" "$@" 2>&1; echo $? >"$out/tests.rc"; } |
    tee "$out/tests.log"
rc=$(cat "$out/tests.rc")
[ -s "$out/tests.tap" ] || { echo "no test results were written"; echo "0 passed, 1 failed, 0 skipped"; exit 1; }
if grep -aq 'ERROR: LeakSanitizer\|ERROR: AddressSanitizer\|runtime error:' "$out/tests.log"; then
    echo "a sanitizer reported an error; see $out/tests.log"
    rc=1
fi
# With a filter, the rest is reported as skipped without a reason: not ours, not counted.
sed -n '/# SKIP test was skipped/d; s/^ *ok .*- \(.*\) # SKIP \(.*\)/skipped: \1: \2/p' "$out/tests.tap"
# What failed comes last but for the count, so that whoever sees only the end of a log sees it: each
# test's name and what it said.
awk '/^ *not ok/ { sub(/^ *not ok - /, "failed: "); print; on = 1; next } /^ *ok|^#/ { on = 0 }
     on && /^ *(---|\.\.\.|assertions:.*|failures:)$/ { next } on' "$out/tests.tap" | head -n 200
awk '/# SKIP test was skipped/ { next } /^ *ok .*# SKIP/ { s++; next } /^ *ok/ { p++ } /^ *not ok/ { f++ }
     END { printf "%d passed, %d failed, %d skipped\n", p, f, s; exit f > 0 }' "$out/tests.tap" || rc=1
exit "$rc"
