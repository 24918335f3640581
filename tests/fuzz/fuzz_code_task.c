/* An item of the code grader: whatever JSON it is, it is read or refused with a reason, and what
 * is read keeps its promises. */
#include <assert.h>
#include <math.h>

#include "base/limits.h"
#include "graders/judge/code_task.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void examine(const struct code_task *t)
{
    assert(t->n_tests >= 1 && t->n_tests <= LIMIT_TESTS);
    assert(t->limits.cpu_ms >= 1 && t->limits.memory_kib >= 1024);
    assert(isfinite(t->compare.abs_tolerance) && t->compare.abs_tolerance >= 0);
    assert(isfinite(t->compare.rel_tolerance) && t->compare.rel_tolerance >= 0);
    assert((t->protocol == CHECKER_NONE) == (t->n_checker_files == 0));
    assert((t->protocol == CHECKER_NONE) == (t->checker_sha256[0] == 0));
    assert(!t->has_call || (t->call.method.n > 0 && t->protocol == CHECKER_NONE));
    for (int64_t i = 0; i < t->n_tests; i++)
        assert(t->tests[i].input.at != NULL && t->tests[i].answer.at != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena keep;
    static struct arena tmp;
    struct json *item = NULL;
    struct code_task t;
    struct err e = {0};
    if (keep.first == NULL) {
        arena_init(&keep, "fuzz", LIMIT_GIB);
        arena_init(&tmp, "fuzz tmp", LIMIT_GIB);
    }
    struct arena left = keep;
    if (!json_parse((struct str){(const char *)data, (int64_t)size}, "item", &item, &e))
        return 0;
    if (code_task_read(item, json_get(item, "definition"), &t, &left, tmp, &e))
        examine(&t);
    else
        assert(e.cls != ERR_NONE && e.text[0] != 0);
    json_free(item);
    return 0;
}
