#include "harness/audit.h"

#include <assert.h>

#include "base/limits.h"
#include "harness/answer_item.h"

/* A form is the rule when so many of so many golds have it. */
enum { RULE_LEAST = 10, RULE_PERCENT = 90, DECIMALS_PERCENT = 5 };

/* What is known of each gold before it is judged. */
struct gold {
    struct answer_ask ask;
    struct err trouble; /* of reading it */
    bool is_usable;
    enum gold_shape shape;
};

struct auditing {
    const struct suite *suite;
    struct audit *out;
    struct gold *golds; /* [n_items] */
    struct audit_samples *samples;
    enum gold_shape rule; /* the form of nearly all; GOLD_UNREAD: none */
    bool has_few_decimals;
    int64_t n_large; /* whole numbers of five digits and more */
    struct arena *keep;
    struct arena item; /* for one gold at a time */
};

const char *audit_kind_name(enum audit_kind k)
{
    static const char *const names[] = {
        [AUDIT_UNUSABLE] = "unusable", [AUDIT_UNREAD] = "not understood",
        [AUDIT_DAMAGED] = "damaged",   [AUDIT_MAJORITY] = "majority",
        [AUDIT_UNLIKE] = "unlike",     [AUDIT_DOUBTFUL] = "doubtful",
    };
    assert((size_t)k < sizeof names / sizeof *names);
    return names[k];
}

bool audit_is_note(enum audit_kind k)
{
    return k == AUDIT_UNLIKE || k == AUDIT_DOUBTFUL;
}

static void flag(struct auditing *a, int64_t i, enum audit_kind kind, struct str why)
{
    struct audit *out = a->out;
    out->flags[out->n_flags++] =
        (struct audit_flag){.kind = kind,
                            .item = &a->suite->items[i],
                            .gold = arena_str(a->keep, a->golds[i].ask.gold),
                            .why = arena_str(a->keep, why)};
    out->n_notes += audit_is_note(kind);
}

/* ---- all golds together ---- */

static bool is_large(struct str gold)
{
    int64_t v;
    return str_i64(str_trim(gold), &v) && (v >= 10000 || v <= -10000);
}

static void read_golds(struct auditing *a, struct arena tmp)
{
    for (int64_t i = 0; i < a->suite->n_items; i++) {
        struct gold *g = &a->golds[i];
        arena_reset(&a->item);
        g->is_usable = answer_item_read(a->suite->grader, a->suite->items[i].key,
                                        a->suite->definition, &g->ask, a->keep, &g->trouble);
        if (g->is_usable && g->ask.kind == ANSWER_MATH)
            g->shape = gold_shape(g->ask.gold, &a->item, tmp);
        a->out->n_shapes[g->shape]++;
        a->n_large += g->is_usable && is_large(g->ask.gold);
    }
}

static void find_rule(struct auditing *a)
{
    const int64_t *n = a->out->n_shapes;
    int64_t n_all = a->suite->n_items;
    int64_t n_numbers = n[GOLD_INTEGER] + n[GOLD_FRACTION] + n[GOLD_CONSTANT];
    for (int s = 0; s < GOLD_N_SHAPES && n_all >= RULE_LEAST; s++)
        if (s != GOLD_UNREAD && 100 * n[s] >= RULE_PERCENT * n_all)
            a->rule = (enum gold_shape)s;
    a->has_few_decimals =
        n_numbers >= RULE_LEAST && n[GOLD_FRACTION] > 0 &&
        (n[GOLD_DECIMAL] == 1 || 100 * n[GOLD_DECIMAL] <= DECIMALS_PERCENT * n_numbers);
}

/* ---- one gold ---- */

static void check_sound(struct auditing *a, int64_t i, struct arena tmp)
{
    const struct gold *g = &a->golds[i];
    struct str why = {0};
    if (g->ask.kind == ANSWER_CHOICE) {
        if (choice_gold(g->ask.gold, g->ask.options, g->ask.n_options) < 0)
            flag(a, i, AUDIT_UNUSABLE, STR("it names none of the options"));
        return;
    }
    if (!equal_gold_is_sound(g->ask.gold, &g->ask.policy, &why, &a->item, tmp))
        flag(a, i, AUDIT_UNREAD, why);
}

static void check_damage(struct auditing *a, int64_t i)
{
    struct str gold = a->golds[i].ask.gold;
    bool is_doubtful = false;
    bool is_small = a->n_large - is_large(gold) == 0 && a->suite->n_items >= RULE_LEAST;
    const char *what = audit_damage(gold, is_small, &is_doubtful);
    if (what != NULL)
        flag(a, i, is_doubtful ? AUDIT_DOUBTFUL : AUDIT_DAMAGED, str_of(what));
}

static void check_shape(struct auditing *a, int64_t i)
{
    enum gold_shape shape = a->golds[i].shape;
    const int64_t *n = a->out->n_shapes;
    if (shape == GOLD_UNREAD)
        return;
    if (a->rule != GOLD_UNREAD && shape != a->rule)
        flag(a, i, AUDIT_UNLIKE,
             arena_fmt(&a->item, "written as %s; %lld of %lld golds as %s", gold_shape_name(shape),
                       (long long)n[a->rule], (long long)a->suite->n_items,
                       gold_shape_name(a->rule)));
    else if (shape == GOLD_DECIMAL && a->has_few_decimals)
        flag(a, i, AUDIT_UNLIKE,
             arena_fmt(&a->item, "a decimal, where %lld others that are not whole are fractions",
                       (long long)n[GOLD_FRACTION]));
}

static void check_majority(struct auditing *a, int64_t i, struct arena tmp)
{
    struct audit_majority m =
        audit_samples_majority(a->samples, i, &a->golds[i].ask, &a->item, tmp);
    if (m.n == 0)
        return;
    struct str shown = str_sub(m.answer, 0, 200);
    flag(a, i, AUDIT_MAJORITY,
         arena_fmt(&a->item, "%lld of %lld samples say %.*s, %s", (long long)m.n,
                   (long long)m.n_samples, STR_ARG(shown),
                   m.is_undecided ? "which nobody can tell from the gold"
                                  : "which is another answer"));
}

static void check(struct auditing *a, int64_t i, struct arena tmp)
{
    const struct gold *g = &a->golds[i];
    arena_reset(&a->item);
    if (!g->is_usable) {
        flag(a, i, AUDIT_UNUSABLE, str_of(g->trouble.text));
        check_damage(a, i);
        return;
    }
    check_sound(a, i, tmp);
    check_damage(a, i);
    check_shape(a, i);
    check_majority(a, i, tmp);
}

bool audit_suite(const struct suite *s, const char *const *runs, int64_t n_runs, struct audit *out,
                 struct arena *keep, struct arena tmp, struct err *e)
{
    enum { FLAGS_PER_ITEM = 4 };
    struct equal_policy policy;
    struct auditing a = {.suite = s, .out = out, .keep = keep};
    if (!answer_item_knows(s->grader))
        return FAIL(e, ERR_USAGE, "the golds of grader \"%.40s\" are no final answers",
                    s->grader.at);
    TRY(equal_policy_read(json_get(s->definition, "policies"), &policy, e));
    *out = (struct audit){.suite = s, .n_runs = n_runs};
    out->flags = NEW(keep, struct audit_flag, FLAGS_PER_ITEM * s->n_items);
    a.golds = NEW(keep, struct gold, s->n_items);
    TRY(audit_samples_open(&a.samples, s, runs, n_runs, &out->n_samples, keep, tmp, e));
    arena_init(&a.item, "audit", LIMIT_ARENA_ITEM);
    read_golds(&a, tmp);
    find_rule(&a);
    for (int64_t i = 0; i < s->n_items; i++)
        check(&a, i, tmp);
    arena_fini(&a.item);
    return true;
}
