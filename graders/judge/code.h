/* Grader "code": the program in a reply against hidden tests.
 *
 * Item      {"language": "cpp"|"python", "tests": [{"in": "...", "out": "..."}, ...],
 *            "compare": "tokens"|"lines" (optional, tokens)}
 * Suite     {"limits": {"time_ms": 2000, "memory_mb": 256}} (both optional, these values)
 *
 * The program is the reply's last fenced block; none, or a last one that never closes, is
 * NO_ANSWER. The language is the fence's when it names one that is known, else the item's. All
 * tests are run; RIGHT needs AC on every one. The program gets a test's input as standard input and
 * nothing else: expected outputs never enter the box. */
#pragma once
#include "graders/grader.h"

extern const struct grader grader_code;
