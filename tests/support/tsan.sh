#!/bin/sh
# A real run and a stream of answers under ThreadSanitizer, with more threads than processors:
#     tsan.sh BUILD-FOLDER
# (Criterion cannot start under it: it wants its memory where the sanitizer keeps its own; the box cannot enter
# a user namespace beside the sanitizer's thread, so only answers are judged.)
set -eu
out=$1
mkdir -p build/tsan-run
rm -f build/tsan-run/*.db*
TSAN_OPTIONS="halt_on_error=1 exitcode=66" "$out/podium" run arith --model assets/tiny --limit 6 \
    --samples 4 --threads 3 --quiet --quant fp8 --out build/tsan-run/arith.db
awk 'BEGIN { for (i = 0; i < 400; i++) printf "{\"id\": %d, \"gold\": \"sqrt(%d)\", \"response\": \"So \\\\boxed{%d^{1/2}}\"}\n", i, i, i }' |
    TSAN_OPTIONS="halt_on_error=1 exitcode=66" "$out/podium" answer --jsonl --jobs 3 >build/tsan-run/answers.jsonl
