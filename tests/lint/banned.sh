#!/bin/sh
# Names that do not belong in this house, and where the exceptions live.
cd "$(dirname "$0")/../.." || exit 2
bad=0
ban() { # pattern, why, folders that may, the rest is searched
    hits=$(grep -rnE --include='*.[ch]' --include='*.cu' "(^|[^_[:alnum:]])($1)[[:space:]]*\(" \
        base kernels encoding datasets graders engine harness | grep -vE "^($3)")
    [ -z "$hits" ] || { echo "$hits"; echo "  -> $2"; bad=1; }
}
ban 'strcpy|strcat|sprintf|strtok|gets|alloca'   'unbounded or hidden state'                 none/
ban 'atoi|atol|atof|strtod|strtol|strtoul|sscanf' 'locale or silent failure: base/str.h reads numbers' base/str
ban 'rand|srand|random|time|gettimeofday'        'not reproducible: base/rng.h, base/clock.h' 'base/(rng|clock)'
ban 'getenv|secure_getenv'                       'no hidden knobs: options come through harness/cli.c' harness/cli
ban 'printf|puts|perror'                         'only harness/ speaks'                      '(harness/|graders/grader_main|graders/sandbox/box_)'
ban 'exit|abort'                                 'only main and a dead arena end the process' '(harness/main|base/arena|base/str|graders/grader_main|graders/sandbox/box_)'
ban 'malloc|calloc|realloc'                      'memory comes from an arena or an open()'    'base/|kernels/(cpu|cuda)/|engine/|harness/'
exit $bad
