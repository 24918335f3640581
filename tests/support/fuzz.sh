#!/bin/sh
# Runs each fuzz target for some seconds over its committed seeds:  fuzz.sh BUILD-FOLDER SECONDS TARGET...
# FUZZ_SEED=N repeats one search (the gate does, so that it is the code that turns it red and not luck).
# New finds stay under the build folder; a crash leaves its input there and names it.
out=$1 seconds=$2 rc=0
shift 2
for f in "$@"; do
    mkdir -p "$out/corpus/$f"
    seeds="tests/fuzz/corpus/$f"
    [ -d "$seeds" ] || seeds=
    # shellcheck disable=SC2086
    if "$out/$f" -seed="${FUZZ_SEED:-0}" -max_total_time="$seconds" -rss_limit_mb=4096 -timeout=10 -artifact_prefix="$out/$f-" \
        "$out/corpus/$f" $seeds >"$out/$f.log" 2>&1; then
        printf '  %-24s %s\n' "$f" "$(grep -a 'DONE' "$out/$f.log" | tail -1)"
    else
        rc=1
        printf '  %-24s FAILED; log %s\n' "$f" "$out/$f.log"
        grep -a -A12 'ERROR\|runtime error\|Test unit' "$out/$f.log" | head -30
    fi
done
exit $rc
