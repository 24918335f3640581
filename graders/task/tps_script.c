#include <stdlib.h>

#include "base/limits.h"
#include "graders/task/tps.h"

/* gen/data, line by line. A set may only include sets above it, so there are no circles; including
 * itself is refused. The lines are handed to a shell by the original tools: quotes and backslashes
 * mean what they mean there, and everything else of a shell is refused. */

enum {
    MEMBERS_MAX = 4 * 1000 * 1000, /* tests of all sets: a bound on memory */
    SETS_MAX = 4096,
};

struct script_reader {
    struct script *s;
    struct arena *keep;
    int64_t *marks; /* of each test: the set that has it, plus one */
    int64_t n_marks;
    int64_t n_members;
    int64_t i_subtask;
    int64_t n_in_set; /* tests made by the current set's own lines */
    bool is_output_only;
    int64_t line;
    struct err *e;
};

static bool fail_line(struct script_reader *r, const char *why, struct str what)
{
    return FAIL(r->e, ERR_INPUT, "gen/data:%lld: %s%.*s", (long long)r->line, why,
                STR_ARG(str_sub(what, 0, 80)));
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* One word from text[*i] on, appended to b, as a shell reads it. */
static bool shell_word(struct script_reader *r, struct str text, int64_t *i, struct buf *b)
{
    char quote = 0;
    for (; *i < text.n && (quote != 0 || !is_space(text.at[*i])); (*i)++) {
        char c = text.at[*i];
        if (c == 0 || (quote != '\'' && (c == '$' || c == '`')) ||
            (quote == 0 && strchr("|&;<>()", c) != NULL))
            return fail_line(r, "only plain words are read here, no shell syntax: ", text);
        if (quote == 0 && (c == '\'' || c == '"'))
            quote = c;
        else if (c == quote)
            quote = 0;
        else if (c == '\\' && quote != '\'' && *i + 1 < text.n)
            buf_byte(b, text.at[++*i]);
        else
            buf_byte(b, c);
    }
    return quote == 0 || fail_line(r, "a quote that is not closed: ", text);
}

static bool split_line(struct script_reader *r, struct str text, struct str **words, int64_t *n)
{
    for (int64_t i = 0; i < text.n;) {
        if (is_space(text.at[i])) {
            i++;
            continue;
        }
        CLEANUP(buf_free) struct buf b = {0};
        TRY(shell_word(r, text, &i, &b));
        GROW(r->keep, *words, *n);
        (*words)[(*n)++] = arena_str(r->keep, buf_str(&b));
    }
    return true;
}

static struct script_set *current(struct script_reader *r)
{
    return r->s->n_sets == 0 ? NULL : &r->s->sets[r->s->n_sets - 1];
}

static struct script_set *find_set(struct script_reader *r, struct str name)
{
    for (int64_t i = 0; i < r->s->n_sets; i++)
        if (str_eq(r->s->sets[i].name, name))
            return &r->s->sets[i];
    return NULL;
}

static bool add_member(struct script_reader *r, struct script_set *set, int64_t i_test)
{
    int64_t mark = r->s->n_sets;
    if (r->marks[i_test] == mark)
        return true;
    if (++r->n_members > MEMBERS_MAX)
        return fail_line(r, "the sets hold too many tests in all", STR(""));
    r->marks[i_test] = mark;
    GROW(r->keep, set->tests, set->n_tests);
    set->tests[set->n_tests++] = i_test;
    return true;
}

static bool begin_set(struct script_reader *r, const struct str *words, int64_t n)
{
    bool is_subtask = str_eq(words[0], STR("@subtask"));
    if (n != 2)
        return fail_line(r, "one name must follow ", words[0]);
    if (r->s->n_sets == SETS_MAX)
        return fail_line(r, "more sets than are read", STR(""));
    if (find_set(r, words[1]) != NULL)
        return fail_line(r, "there is a set of this name above: ", words[1]);
    GROW(r->keep, r->s->sets, r->s->n_sets);
    r->s->sets[r->s->n_sets++] =
        (struct script_set){.name = words[1], .line = r->line, .is_subtask = is_subtask};
    r->i_subtask += is_subtask;
    r->n_in_set = 0;
    return true;
}

static bool include_sets(struct script_reader *r, const struct str *words, int64_t n)
{
    struct script_set *own = current(r);
    if (own == NULL)
        return fail_line(r, "before the first @subtask or @testset: ", words[0]);
    for (int64_t i = 1; i < n; i++) {
        const struct script_set *other = find_set(r, words[i]);
        if (other == NULL)
            return fail_line(r, "no set of this name above (so there are no circles): ", words[i]);
        if (other == own)
            return fail_line(r, "a set includes itself: ", words[i]);
        for (int64_t k = 0; k < other->n_tests; k++)
            TRY(add_member(r, own, other->tests[k]));
    }
    return true;
}

static struct str test_name(struct script_reader *r, const struct script_set *set)
{
    if (r->is_output_only)
        return arena_fmt(r->keep, "%02lld", (long long)r->s->n_tests + 1);
    if (set->is_subtask)
        return arena_fmt(r->keep, "%lld-%02lld", (long long)r->i_subtask,
                         (long long)r->n_in_set + 1);
    return arena_fmt(r->keep, "%.*s-%02lld", STR_ARG(set->name), (long long)r->n_in_set + 1);
}

static bool add_test(struct script_reader *r, const struct str *words, int64_t n)
{
    struct script_set *set = current(r);
    if (set == NULL)
        return fail_line(r, "a test before the first @subtask or @testset: ", words[0]);
    int64_t i_test = r->s->n_tests;
    GROW(r->keep, r->s->tests, r->s->n_tests);
    GROW(r->keep, r->marks, r->n_marks);
    r->marks[r->n_marks++] = 0;
    r->s->tests[i_test] = (struct script_test){
        .name = test_name(r, set), .line = r->line, .words = words, .n_words = n};
    r->s->n_tests++;
    r->n_in_set++;
    return add_member(r, set, i_test);
}

static bool take_line(struct script_reader *r, struct str line)
{
    struct str *words = NULL;
    int64_t n = 0;
    line = str_trim(line);
    if (line.n == 0 || line.at[0] == '#')
        return true;
    if (r->line > LIMIT_SCRIPT_LINES)
        return fail_line(r, "more lines than are read", STR(""));
    TRY(split_line(r, line, &words, &n));
    if (n == 0 || words[0].n == 0)
        return fail_line(r, "an empty command", STR(""));
    if (str_eq(words[0], STR("@subtask")) || str_eq(words[0], STR("@testset")))
        return begin_set(r, words, n);
    if (str_eq(words[0], STR("@include")))
        return include_sets(r, words, n);
    if (words[0].at[0] == '@')
        return fail_line(r, "unknown command ", words[0]);
    return add_test(r, words, n);
}

static int by_name(const void *a, const void *b, void *tests)
{
    const struct script_test *all = tests;
    return str_cmp(all[*(const int64_t *)a].name, all[*(const int64_t *)b].name);
}

bool tps_script_parse(struct str text, bool is_output_only, struct script *out, struct arena *keep,
                      struct err *e)
{
    struct script s = {0};
    struct script_reader r = {
        .s = &s, .keep = keep, .i_subtask = -1, .is_output_only = is_output_only, .e = e};
    struct str line;
    while (str_split(&text, '\n', &line)) {
        r.line++;
        TRY(take_line(&r, line));
    }
    for (int64_t i = 0; i < s.n_sets; i++)
        if (s.sets[i].n_tests > 0)
            qsort_r(s.sets[i].tests, (size_t)s.sets[i].n_tests, sizeof(int64_t), by_name, s.tests);
    *out = s;
    return true;
}
