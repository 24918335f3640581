#include "graders/math/compare.h"

#include <assert.h>

enum { MATCH_MAX = 256, WORD_MIN = 3, SIGNIFICANT_MIN = 3, COMPARE_STEPS = 8 };

/* ------------------------------------------------------------------------------- numbers */

/* Whether a, written as a decimal, is b rounded to a's last digit. */
static bool is_rounding(const struct value *a, struct rational b, struct work *w)
{
    struct rational half;
    struct rational gap;
    int order;
    if (a->n_decimals == DECIMALS_NONE || a->n_significant < SIGNIFICANT_MIN)
        return false;
    if (!rat_small(w, 10, 1, &half) || !rat_pow(w, half, -a->n_decimals, &half) ||
        !rat_small(w, 1, 2, &gap) || !rat_mul(w, half, gap, &half) ||
        !rat_add(w, a->number, rat_neg(b), &gap))
        return true; /* too large to tell: not "different" */
    gap.minus = false;
    return !rat_cmp(w, gap, half, &order) || order <= 0;
}

static enum sameness same_unit_numbers(const struct value *a, const struct value *b, struct work *w,
                                       const char **rule)
{
    int order;
    *rule = "exact numbers";
    if (!rat_cmp(w, a->number, b->number, &order)) {
        *rule = "number too large";
        return UNSURE;
    }
    if (order == 0)
        return SAME;
    if (is_rounding(a, b->number, w) || is_rounding(b, a->number, w)) {
        *rule = "equal only when rounded";
        return UNSURE;
    }
    return DIFFERENT;
}

/* One side has a percent sign, the other no unit. */
static enum sameness percent(const struct value *with, const struct value *without, struct work *w,
                             const char **rule)
{
    struct value plain = *with;
    struct rational hundredth;
    const char *ignored;
    plain.n_decimals = with->n_decimals == DECIMALS_NONE ? DECIMALS_NONE : with->n_decimals + 2;
    if (!rat_small(w, 1, 100, &hundredth) || !rat_mul(w, with->number, hundredth, &plain.number))
        return UNSURE;
    enum sameness as_fraction = same_unit_numbers(&plain, without, w, &ignored);
    enum sameness as_percents = same_unit_numbers(with, without, w, &ignored);
    *rule = "percent";
    if (as_fraction == SAME)
        return SAME;
    return as_fraction == DIFFERENT && as_percents == DIFFERENT ? DIFFERENT : UNSURE;
}

static bool is_unit(const struct value *v, const char *unit)
{
    return str_eq(v->unit, str_of(unit));
}

static enum sameness numbers(const struct value *a, const struct value *b, struct work *w,
                             const char **rule)
{
    bool is_degree_left_out =
        (is_unit(a, "deg") && b->unit.n == 0) || (is_unit(b, "deg") && a->unit.n == 0);
    if (str_eq(a->unit, b->unit) || is_degree_left_out)
        return same_unit_numbers(a, b, w, rule);
    if (is_unit(a, "%") && b->unit.n == 0)
        return percent(a, b, w, rule);
    if (is_unit(b, "%") && a->unit.n == 0)
        return percent(b, a, w, rule);
    *rule = "units differ";
    return UNSURE;
}

/* --------------------------------------------------------------------------- texts, letters */

/* Letters and spaces, every word of two letters or more. */
static bool is_words_only(struct str s, bool *is_shouted)
{
    int64_t run = 0;
    *is_shouted = true;
    for (int64_t i = 0; i <= s.n; i++) {
        char c = i < s.n ? s.at[i] : ' ';
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!is_letter && (c != ' ' || run == 1))
            return false;
        *is_shouted = *is_shouted && !(c >= 'a' && c <= 'z');
        run = is_letter ? run + 1 : 0;
    }
    return s.n >= WORD_MIN;
}

/* "No solution" is "no solution"; points ABC are not angles abc. */
static bool is_same_prose(struct str a, struct str b)
{
    bool shouts_a;
    bool shouts_b;
    if (a.n != b.n || !is_words_only(a, &shouts_a) || !is_words_only(b, &shouts_b) || shouts_a ||
        shouts_b)
        return false;
    for (int64_t i = 0; i < a.n; i++)
        if ((a.at[i] | 0x20) != (b.at[i] | 0x20))
            return false;
    return true;
}

static enum sameness texts(const struct value *a, const struct value *b, const char **rule)
{
    *rule = "same text";
    if (str_eq(a->text, b->text) && str_eq(a->name, b->name))
        return SAME;
    *rule = "same words";
    if (is_same_prose(a->text, b->text))
        return SAME;
    *rule = "not understood";
    return UNSURE;
}

/* "yes" and "no" exclude each other; "yes" and "odd" answer different questions. */
static enum sameness words(const struct value *a, const struct value *b, const char **rule)
{
    static const char *const pairs[][2] = {{"yes", "no"}, {"true", "false"}, {"even", "odd"}};
    *rule = "words";
    if (str_eq(a->text, b->text))
        return SAME;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if ((str_eq(a->text, str_of(pairs[i][0])) && str_eq(b->text, str_of(pairs[i][1]))) ||
            (str_eq(a->text, str_of(pairs[i][1])) && str_eq(b->text, str_of(pairs[i][0]))))
            return DIFFERENT;
    return UNSURE;
}

/* ------------------------------------------------------------------------------ collections */

static bool is_collection(const struct value *v)
{
    return v->n_items > 0;
}

static bool is_ordered(const struct value *v)
{
    return v->kind == VALUE_TUPLE || v->kind == VALUE_BRACKET;
}

static bool is_understood(const struct value *v)
{
    for (int64_t i = 0; i < v->n_items; i++)
        if (!is_understood(&v->items[i]))
            return false;
    return v->kind != VALUE_OPAQUE;
}

/* Item i against item i. */
static enum sameness in_order(const struct value *a, const struct value *b, struct work *w)
{
    enum sameness all = SAME;
    const char *ignored;
    if (a->n_items != b->n_items)
        return DIFFERENT;
    for (int64_t i = 0; i < a->n_items; i++) {
        enum sameness one = value_compare(&a->items[i], &b->items[i], w, &ignored);
        if (one == DIFFERENT)
            return DIFFERENT;
        all = one == UNSURE ? UNSURE : all;
    }
    return all;
}

struct matching {
    const enum sameness *edge; /* [n][n] */
    int64_t n;
    enum sameness worst; /* UNSURE: unsure edges may be used too */
    int64_t *partner;    /* of each right item, -1: free */
    bool *seen;
};

/* Kuhn's augmenting path. */
static bool augment(struct matching *m, int64_t i)
{
    for (int64_t j = 0; j < m->n; j++) {
        enum sameness s = m->edge[i * m->n + j];
        if (m->seen[j] || s == DIFFERENT || (s == UNSURE && m->worst != UNSURE))
            continue;
        m->seen[j] = true;
        if (m->partner[j] < 0 || augment(m, m->partner[j])) {
            m->partner[j] = i;
            return true;
        }
    }
    return false;
}

static bool is_perfect(struct matching *m)
{
    for (int64_t j = 0; j < m->n; j++)
        m->partner[j] = -1;
    for (int64_t i = 0; i < m->n; i++) {
        for (int64_t j = 0; j < m->n; j++)
            m->seen[j] = false;
        if (!augment(m, i))
            return false;
    }
    return true;
}

/* Some pairing of all items. Equality is three-valued, so sorting both sides would be wrong. */
static enum sameness in_any_order(const struct value *a, const struct value *b, struct work *w)
{
    int64_t n = a->n_items;
    const char *ignored;
    if (n != b->n_items)
        return DIFFERENT;
    if (n > MATCH_MAX || !work_spend(w, 4 * n * n))
        return in_order(a, b, w) == SAME ? SAME : UNSURE;
    enum sameness *edge = NEW(w->mem, enum sameness, n * n);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++)
            edge[i * n + j] = value_compare(&a->items[i], &b->items[j], w, &ignored);
    struct matching m = {edge, n, SAME, NEW(w->mem, int64_t, n), NEW(w->mem, bool, n)};
    if (is_perfect(&m))
        return SAME;
    m.worst = UNSURE;
    return is_perfect(&m) ? UNSURE : DIFFERENT;
}

/* How many items are surely new, counted from the left. */
static int64_t count_distinct(const struct value *v, struct work *w)
{
    const char *ignored;
    int64_t n = 0;
    for (int64_t i = 0; i < v->n_items; i++) {
        bool is_new = true;
        for (int64_t j = 0; j < i && is_new; j++)
            is_new = value_compare(&v->items[i], &v->items[j], w, &ignored) != SAME;
        n += is_new;
    }
    return n;
}

static enum sameness unordered(const struct value *a, const struct value *b, struct work *w,
                               const char **rule)
{
    enum sameness s = in_any_order(a, b, w);
    *rule = "items in any order";
    bool is_small = a->n_items <= MATCH_MAX && b->n_items <= MATCH_MAX;
    if (s != DIFFERENT)
        return s;
    if (!is_understood(a) || !is_understood(b) || !is_small)
        return UNSURE; /* a bare list may be prose with commas */
    bool has_repeats = count_distinct(a, w) < a->n_items || count_distinct(b, w) < b->n_items;
    return has_repeats && a->n_items != b->n_items ? UNSURE : DIFFERENT;
}

static bool is_half_open(const struct value *v)
{
    return v->kind == VALUE_BRACKET && !str_eq(v->brackets, STR("[]"));
}

/* Both ordered: tuples, intervals, bracketed lists. */
static enum sameness ordered(const struct value *a, const struct value *b, struct work *w,
                             const char **rule)
{
    enum sameness s = in_order(a, b, w);
    bool is_same_kind = a->kind == b->kind && str_eq(a->brackets, b->brackets);
    *rule = "items in order";
    if (is_same_kind && s == DIFFERENT && str_eq(a->brackets, STR("[]")))
        return in_any_order(a, b, w) == DIFFERENT ? DIFFERENT : UNSURE;
    if (is_same_kind || s == DIFFERENT)
        return s;
    *rule = "brackets differ";
    return is_half_open(a) || is_half_open(b) ? DIFFERENT : UNSURE;
}

static bool has_named_items(const struct value *v)
{
    for (int64_t i = 0; i < v->n_items; i++)
        if (v->items[i].name.n > 0)
            return true;
    return false;
}

static enum sameness collections(const struct value *a, const struct value *b, struct work *w,
                                 const char **rule)
{
    bool are_both = is_ordered(a) && is_ordered(b);
    enum sameness s = are_both ? ordered(a, b, w, rule) : unordered(a, b, w, rule);
    if (s == DIFFERENT && !are_both)
        return s;
    if (is_ordered(a) != is_ordered(b)) {
        *rule = "one is ordered, one is not";
        return UNSURE;
    }
    if (has_named_items(a) != has_named_items(b)) {
        *rule = "one names its items, one does not"; /* x = 1, y = 2 against 1, 2 */
        return UNSURE;
    }
    return s;
}

/* A collection against something single. */
static enum sameness shapes(const struct value *many, const struct value *one, struct work *w,
                            const char **rule)
{
    *rule = "shapes differ";
    if (!is_understood(many) || !is_understood(one))
        return UNSURE;
    bool is_repeat = true; /* {5}, or a double root: 5, 5 */
    for (int64_t i = 0; i < many->n_items && is_repeat; i++)
        is_repeat = value_compare(&many->items[i], one, w, rule) != DIFFERENT;
    if (is_repeat)
        return UNSURE;
    *rule = "shapes differ";
    return one->kind == VALUE_NUMBER ? DIFFERENT : UNSURE;
}

/* ------------------------------------------------------------------------------- anything */

static enum sameness unnamed(const struct value *a, const struct value *b, struct work *w,
                             const char **rule)
{
    if (is_collection(a) && is_collection(b))
        return collections(a, b, w, rule);
    if (is_collection(a))
        return shapes(a, b, w, rule);
    if (is_collection(b))
        return shapes(b, a, w, rule);
    if (a->kind == VALUE_NUMBER && b->kind == VALUE_NUMBER)
        return numbers(a, b, w, rule);
    if (a->kind == VALUE_WORD && b->kind == VALUE_WORD)
        return words(a, b, rule);
    if (a->kind == VALUE_LETTER && b->kind == VALUE_LETTER) {
        *rule = "letters";
        return str_eq(a->text, b->text) ? SAME : DIFFERENT;
    }
    return texts(a, b, rule);
}

/* The name of a tuple, "(y,x)", whose names do not come in their natural order: without them the
 * other side's order would not be the same. */
static bool is_shuffled(struct str name)
{
    if (!str_starts(name, STR("(")))
        return false;
    struct str rest = str_sub(name, 1, name.n - 1);
    struct str last = {0};
    struct str piece;
    while (str_split(&rest, ',', &piece)) {
        if (last.n > 0 && str_cmp(last, piece) >= 0)
            return true;
        last = piece;
    }
    return false;
}

enum sameness value_compare(const struct value *a, const struct value *b, struct work *w,
                            const char **rule)
{
    if (!work_spend(w, COMPARE_STEPS)) {
        *rule = "too large to compare";
        return UNSURE;
    }
    enum sameness s = unnamed(a, b, w, rule);
    bool are_same_named = str_eq(a->name, b->name);
    if (!are_same_named && (is_shuffled(a->name) || is_shuffled(b->name))) {
        *rule = "names in another order";
        return UNSURE;
    }
    bool are_named = a->name.n > 0 && b->name.n > 0;
    if (s == SAME && are_named && !are_same_named) {
        *rule = "names differ";
        return UNSURE;
    }
    return s;
}

/* ------------------------------------------------------------------------------- readings */

enum { N_READINGS = 3 };

static const struct reading readings[N_READINGS] = {
    {COMMA_GROUPS, COMMA_SPLITS}, /* the main one */
    {COMMA_SPLITS, COMMA_GROUPS},
    {COMMA_POINT, COMMA_SPLITS},
};

static int64_t read_all(struct str text, struct work *w, struct value out[N_READINGS])
{
    struct token_list t = tokens_of(text, w->mem);
    int64_t n = value_is_ambiguous(t) ? N_READINGS : 1;
    for (int64_t i = 0; i < n; i++)
        out[i] = value_read(t, readings[i], w);
    return n;
}

enum sameness answers_compare(struct str text_a, struct str text_b, struct work *w, struct value *a,
                              struct value *b, const char **rule)
{
    struct value va[N_READINGS];
    struct value vb[N_READINGS];
    int64_t na = read_all(text_a, w, va);
    int64_t nb = read_all(text_b, w, vb);
    if (a != NULL)
        *a = va[0];
    if (b != NULL)
        *b = vb[0];
    if (str_eq(va[0].text, vb[0].text)) {
        *rule = "same text";
        return SAME;
    }
    enum sameness main = value_compare(&va[0], &vb[0], w, rule);
    const char *other_rule;
    for (int64_t i = 0; main == DIFFERENT && i < na * nb; i++) {
        if (value_compare(&va[i / nb], &vb[i % nb], w, &other_rule) != DIFFERENT) {
            *rule = "another reading of the commas might match";
            return UNSURE;
        }
    }
    return main;
}
