#!/bin/sh
# clang-tidy over a few files:  tidy.sh COMPILER-FLAGS... FILES...   (files end in .c)
# Kernel files get the instruction set their name announces, as in the Makefile.
# Clang's count of suppressed warnings is dropped; findings are shown and fail.
files= flags= rc=0
for a in "$@"; do case $a in *.c) files="$files $a" ;; *) flags="$flags $a" ;; esac; done
for f in $files; do
    case $f in
    *_avx2.c) isa="-mavx2 -mfma -mf16c" ;;
    *_avx512.c) isa="-mavx2 -mfma -mf16c -mavx512f -mavx512bw -mavx512vl -mavx512dq" ;;
    *) isa= ;;
    esac
    # shellcheck disable=SC2086
    out=$(clang-tidy --quiet "$f" -- $flags $isa 2>&1) && continue
    rc=1
    printf '%s\n' "$out" | grep -v 'warnings\{0,1\} generated'
done
exit $rc
