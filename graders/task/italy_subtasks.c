/* Which tests a subtask has, by the rules of CMS's score types. */
#include "base/pattern.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "graders/task/italy.h"

static const char file[] = "task.yaml";

enum { PATTERN_STEPS = 100000 }; /* names are short: a pattern that takes more is none of them */

static void close_pattern(struct pattern **p)
{
    pattern_close(*p);
}

static void close_work(struct pattern_work **w)
{
    pattern_work_close(*w);
}

/* As Python's re.match, which CMS uses: at the beginning of the name, not to its end. */
static bool members_by_pattern(struct maker *m, struct str regex, struct members *out,
                               struct err *e)
{
    CLEANUP(close_pattern) struct pattern *p = NULL;
    CLEANUP(close_work) struct pattern_work *w = NULL;
    if (utf8_first_bad(regex) >= 0)
        return FAIL(e, ERR_INPUT, "%s: a subtask's pattern is not UTF-8", file);
    if (!pattern_open(&p, regex, PATTERN_INTERPRETED, e))
        return err_wrap(e, "%s: pattern of a subtask", file);
    pattern_work_open(&w);
    pattern_work_limit(w, PATTERN_STEPS);
    for (int64_t i = 0; i < m->n_tests; i++) {
        struct pattern_hit hit;
        if (!pattern_find(p, w, m->tests[i].name, &hit, e))
            return err_wrap(e, "%s: pattern of a subtask", file);
        if (hit.from == 0)
            members_put(m, out, false, i);
    }
    return out->n > 0 || FAIL(e, ERR_INPUT, "%s: no test's name begins with \"%.*s\"", file,
                              STR_ARG(package_shown(m->p, str_sub(regex, 0, 60))));
}

/* Names are numbers of three digits or more. */
static int64_t find_test(const struct maker *m, struct str name)
{
    int64_t i = 0;
    for (int64_t k = 0; k < name.n && i < m->n_tests; k++)
        i = name.at[k] >= '0' && name.at[k] <= '9' ? i * 10 + name.at[k] - '0' : m->n_tests;
    return i < m->n_tests && str_eq(m->tests[i].name, name) ? i : -1;
}

static bool members_by_name(struct maker *m, const struct yaml *list, struct members *out,
                            struct err *e)
{
    bool *is_in = NEW(m->p->keep, bool, m->n_tests);
    for (const struct yaml *y = yaml_first(list); y != NULL; y = yaml_next(y)) {
        struct str name = {0};
        int64_t i = yaml_str(y, &name) ? find_test(m, name) : -1;
        if (i < 0)
            return yaml_refuse(y, file, e, "there is no such test; they are called 000, 001, ...");
        if (is_in[i])
            return yaml_refuse(y, file, e, "a test is named twice in one subtask");
        is_in[i] = true;
        members_put(m, out, false, i);
    }
    return true;
}

bool italy_members(struct maker *m, const struct italy_subtask *s, int64_t *i_next,
                   struct members *out, struct err *e)
{
    if (s->pattern.n > 0)
        return members_by_pattern(m, s->pattern, out, e);
    if (s->list != NULL)
        return members_by_name(m, s->list, out, e);
    for (int64_t k = 0; k < s->n_tests; k++)
        members_put(m, out, false, (*i_next)++);
    return true;
}
