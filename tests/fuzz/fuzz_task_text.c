/* The texts of task packages that need no folder around them; the first byte chooses which. Each is
 * refused with a message, or keeps what its header promises. */
#include <stddef.h>
#include <stdlib.h>

#include "base/limits.h"
#include "graders/task/italy.h"
#include "graders/task/kattis.h"
#include "graders/task/tps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena keep;
static struct err e;

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void refused(void)
{
    check(e.cls != ERR_NONE && e.text[0] != 0);
}

static void problem_yaml(struct str text)
{
    struct kattis_problem p = {0};
    if (!kattis_problem_parse(text, &p, &keep, &e)) {
        refused();
        return;
    }
    check(p.time_limit >= 0 && p.time_limit <= 86400 && p.time_multiplier > 0);
    check(p.memory_mib >= 1 && p.memory_mib <= MAKER_MIB_MAX && p.output_mib >= 1);
    check(p.n_passes >= 2 && !(p.is_interactive && p.is_multi_pass));
    check(!p.validator_scores || p.is_scoring);
}

static void script(struct str text)
{
    struct script s = {0};
    if (!tps_script_parse(text, false, &s, &keep, &e)) {
        refused();
        return;
    }
    for (int64_t i = 0; i < s.n_tests; i++)
        check(s.tests[i].n_words > 0 && s.tests[i].name.n > 0 && s.tests[i].line > 0);
    for (int64_t i = 0; i < s.n_sets; i++)
        for (int64_t k = 0; k < s.sets[i].n_tests; k++) {
            check(s.sets[i].tests[k] >= 0 && s.sets[i].tests[k] < s.n_tests);
            check(k == 0 || str_cmp(s.tests[s.sets[i].tests[k - 1]].name,
                                    s.tests[s.sets[i].tests[k]].name) <= 0);
        }
}

static void subtasks(struct str text)
{
    struct tps_subtask *all = NULL;
    int64_t n = 0;
    if (!tps_subtasks_parse(text, &all, &n, &keep, &e)) {
        refused();
        return;
    }
    check(n > 0);
    for (int64_t i = 0; i < n; i++) {
        check(all[i].score >= 0 && all[i].score <= MAKER_POINTS_MAX && all[i].name.n > 0);
        check(i == 0 || all[i - 1].index < all[i].index);
    }
}

static void solutions(struct str text)
{
    struct tps_solution *all = NULL;
    int64_t n = 0;
    uint32_t mask;
    if (!tps_solutions_parse(text, &all, &n, &keep, &e)) {
        refused();
        return;
    }
    for (int64_t i = 0; i < n; i++) {
        check(tps_verdict(all[i].verdict, &mask));
        for (int64_t k = 0; k < all[i].n_excepts; k++)
            check(tps_verdict(all[i].excepts[k].verdict, &mask));
    }
}

static void problem_json(struct str text)
{
    struct tps_problem p = {0};
    if (!tps_problem_parse(text, &p, &keep, &e)) {
        refused();
        return;
    }
    check(p.kind == TASK_OUTPUT_ONLY || (p.time_ms > 0 && p.memory_kib > 0));
    check(p.memory_kib >= 0 && p.memory_kib <= (int64_t)MAKER_MIB_MAX * 1024);
    check(p.n_processes >= 1 && p.n_processes <= 100 && p.name.n > 0);
    check(memchr(p.name.at, '/', (size_t)p.name.n) == NULL);
}

static void gen(struct str text)
{
    struct italy_gen g = {0};
    int64_t n = 0;
    if (!italy_gen_parse(text, &g, &keep, &e)) {
        refused();
        return;
    }
    for (int64_t i = 0; i < g.n_subtasks; i++)
        n += g.subtasks[i].n_tests;
    check(g.n_subtasks == 0 || n == g.n_tests);
}

static void ini(struct str text)
{
    double v = 0;
    if (kattis_ini_parse(text, &v, &e))
        check(v >= 0 && v <= 86400);
    else
        refused();
}

/* Pattern, newline, name. Bounded as problem packages are. */
static void glob(struct str text)
{
    const char *why = NULL;
    struct str pattern = {0};
    if (text.n > 400 || !str_split(&text, '\n', &pattern))
        return;
    if (kattis_glob_check(pattern, &why))
        (void)kattis_glob(pattern, text);
    else
        check(why != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const readers[])(struct str) = {problem_yaml, script, subtasks, solutions,
                                                  problem_json, gen,    ini,      glob};
    if (keep.first == NULL)
        arena_init(&keep, "fuzz", LIMIT_ARENA_TMP);
    arena_reset(&keep);
    e = (struct err){0};
    if (size > 0)
        readers[data[0] % 8]((struct str){(const char *)data + 1, (int64_t)size - 1});
    return 0;
}
