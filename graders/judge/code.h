/* Grader "code": the program in a reply against hidden tests.
 *
 * Item      {"language": "cpp", "tests": [{"in": "...", "out": "...", "name": "..."}, ...],
 *            "compare": "tokens" | "lines" | "exact" | "white"
 *              or {"mode": ..., "case": "exact" | "any", "space": "any" | "exact",
 *                  "float_abs": 1e-6, "float_rel": 1e-6},
 *            "checker": {"language": "cpp", "source": "...", "protocol": "testlib" | "kattis" |
 *                        "cms", "files": {"testlib.h": "..."}},
 *            "score": "all" | "fraction"}
 *           language and tests are needed. Without more: tokens, case exact, white space any.
 * or        {"language": "python", "call": {"class": "Solution", "method": "twoSum",
 *            "params": ["int[]", "int"], "returns": "int[]"},
 *            "tests": [{"args": [[2, 7], 9], "result": [0, 1]}, ...],
 *            "compare": {"float_abs": ..., "float_rel": ..., "unordered": true}}
 *           see call.h; "args_json" and "result_json" hold the same as JSON text, exactly.
 * Suite     {"limits": {"time_ms": 2000, "memory_mb": 256}} (both optional, these values); its
 *           "fields" may give a part another field of the item.
 *
 * The program is the reply's last fenced block; none, or a last one that never closes, is
 * NO_ANSWER. The language is the fence's when it names one that is known (and, for a call, has a
 * driver), else the item's. All tests are run. RIGHT needs AC on every one; with "fraction" the
 * score is the mean over the tests, a checker's partial points included, and PART is what lies
 * between.
 *
 * The program gets a test's input as standard input and nothing else: expected outputs never enter
 * its box. A checker runs in a box of its own, after the program's is gone, and only over outputs
 * of runs that ended well. What is wrong with a checker is an error, "could not grade: ...".
 *
 * Evidence  language, compiler, isolation, accounting, time_ms, memory_kib, the SHA-256 of source,
 *           tests and checker, and one object a test: name, verdict, cpu_ms, wall_ms, memory_kib,
 *           score, where the first difference is, what the checker or the comparison said. */
#pragma once
#include "graders/grader.h"

extern const struct grader grader_code;
