#include "graders/choice_grader.h"
#include "graders/grader.h"
#include "graders/judge/code.h"
#include "graders/judge/task_grader.h"
#include "graders/math/math.h"

static const struct grader *const graders[] = {&grader_math, &grader_choice, &grader_code,
                                               &grader_task};

const struct grader *grader_at(int64_t i)
{
    const int64_t n = (int64_t)(sizeof graders / sizeof graders[0]);
    return i >= 0 && i < n ? graders[i] : NULL;
}

const struct grader *grader_find(struct str name)
{
    const struct grader *g = NULL;
    for (int64_t i = 0; (g = grader_at(i)) != NULL; i++)
        if (str_eq(str_of(g->name), name))
            return g;
    return NULL;
}
