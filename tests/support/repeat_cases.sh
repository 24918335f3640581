#!/bin/sh
# Judges everything in assets/olympiad_cases again and again, and counts:
#   repeat_cases.sh BUILD-FOLDER ROUNDS [code|packages|verify ...]
# A verdict that comes out right once proves little on a machine that others use too: so it is asked
# for many times, with the machine as it is. The programs are copied first, so a build may go on.
# Exit code 1 when a single one was wrong. What a round found wrong stays in BUILD-FOLDER/repeat/.
set -u
out=$1 rounds=$2
shift 2
[ $# -gt 0 ] || set -- code packages verify
here=$out/repeat
mkdir -p "$here"
for program in podium podium-box podium-grader podium-tests; do
    cp "$out/$program" "$here/$program" || exit 2
done
export PODIUM_BUILD="$here" PODIUM_CACHE="${PODIUM_CACHE-$here/cache}"
cases=assets/olympiad_cases

# Rows of what is expected; a verify case is one submission of its file.
count() {
    case $1 in
    code) cat $cases/stdio/expected.json $cases/calls/expected.json | grep -o '"file"' | wc -l ;;
    packages) grep -c '"\(verdict\|error\)"' $cases/expected.json ;;
    verify) cat $cases/verify/submissions.json $cases/verify/submissions_nested.json $cases/verify/contest.json |
        grep -o '"code"' | wc -l ;;
    esac
}
filter() {
    case $1 in
    code) echo 'cases_code/*' ;;
    packages) echo 'cases/*' ;;
    verify) echo 'verify/*' ;;
    esac
}

rc=0
for what in "$@"; do
    n=$(count "$what") wrong=0 missing=0 round=0
    while [ "$round" -lt "$rounds" ]; do
        round=$((round + 1))
        tap=$here/$what-$round.tap
        "$here/podium-tests" --timeout 900 --filter "$(filter "$what")" --tap="$tap" >"$here/$what-$round.log" 2>&1
        # solutions whose toolchain this machine lacks are in the reason of a skip
        missing=$(sed -n 's/.*# SKIP.*toolchain[^0-9]*\([0-9]*\) \(of [0-9]* \)\{0,1\}solutions.*/\1/p' "$tap" |
            awk '{ s += $1 } END { print s + 0 }')
        # what the filter leaves out is in there as skipped without a reason; a round that judged
        # nothing at all is wrong
        touch "$tap"
        passed=$(grep -v '# SKIP' "$tap" | grep -c '^ *ok')
        failed=$(grep -c '^ *not ok' "$tap")
        [ "$passed" -gt 0 ] || failed=$((failed + 1))
        wrong=$((wrong + failed))
        echo "$what, round $round: $passed tests passed, $failed failed, $((n - missing)) verdicts"
        if [ "$failed" -eq 0 ]; then rm -f "$tap" "$here/$what-$round.log"; fi
    done
    echo "$what: $rounds rounds of $((n - missing)) verdicts, $wrong wrong, $missing not judged for want of a toolchain"
    [ "$wrong" -eq 0 ] || rc=1
done
exit $rc
