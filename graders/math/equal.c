/* Both texts are read into one graph, every sensible pairing of their readings is compared, and
 * what decided is written down. The comparators are in same_*.c. */
#include "graders/math/equal.h"

#include <assert.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "graders/math/doubt.h"
#include "graders/math/family.h"
#include "graders/math/same.h"
#include "graders/math/series.h"
#include "graders/math/special.h"
#include "graders/math/unread.h"

enum { SHOWN_BYTES = 2048, WHY_BYTES = 120 };

struct sides {
    struct exprs *x;
    struct latex gold;
    struct latex pred;
};

struct choice_of_readings {
    struct same same;
    const char *comparator;
    int32_t i_gold;
    int32_t i_pred;
    bool is_fair;     /* both readings are ones that a person may have meant */
    bool are_regions; /* both are sets of numbers, or describe them */
};

const char *equal_verdict_name(enum equal_verdict v)
{
    static const char *const names[] = {
        [EQUAL_YES] = "equal", [EQUAL_NO] = "different", [EQUAL_UNDECIDED] = "undecided"};
    return names[v];
}

const char *equal_level_name(enum equal_level l)
{
    static const char *const names[] = {[LEVEL_E2] = "E2", [LEVEL_E1] = "E1", [LEVEL_D2] = "D2",
                                        [LEVEL_D1] = "D1", [LEVEL_U] = "U",   [LEVEL_P] = "P"};
    return names[l];
}

/* -------------------------------------------------------------------------------- readings */

/* What can be the same thing though the operations differ: sets of numbers and what describes them.
 */
static bool is_region_like(enum expr_op op)
{
    return (op >= EXPR_INTERVAL && op <= EXPR_BUILDER) || (op >= EXPR_RELATION && op <= EXPR_OR);
}

/* [0, 1] as a list of two meets nothing that has brackets of its own. */
static bool is_odd_pairing(const struct exprs *x, const struct latex_reading *a,
                           const struct latex_reading *b)
{
    enum expr_op op = expr_op(x, b->root);
    return str_eq(str_of(a->how), STR("[a, b] is a list")) &&
           (op == EXPR_TUPLE || op == EXPR_INTERVAL);
}

/* Rounding goes one way only, so the reason has to name it. */
static const char *other_reading(struct same s)
{
    bool is_rounded = strstr(s.method, "round") != NULL;
    return is_rounded ? "another reading would be equal, rounded"
                      : "another reading would be equal";
}

/* What the comparator of the gold's kind has left open may be two families, and where it took the
 * letter of a family for a variable, what the families say counts. */
static bool as_family(struct same_in *in, int32_t g, int32_t p, struct choice_of_readings *c)
{
    struct exact found = family_compare(in->x, g, p, in->budget);
    if (found.method == NULL)
        return false;
    c->same = same_exact(found);
    c->comparator = "family";
    return found.truth != EXACT_UNKNOWN;
}

static struct choice_of_readings compare_readings(struct same_in *in, const struct sides *s,
                                                  int32_t i, int32_t k)
{
    struct choice_of_readings c = {.i_gold = i, .i_pred = k, .comparator = ""};
    const struct latex_reading *g = &s->gold.readings[i];
    const struct latex_reading *p = &s->pred.readings[k];
    c.same = same_no(LEVEL_D1, "another kind of brackets");
    c.is_fair = g->likely == LATEX_FAIR && p->likely == LATEX_FAIR;
    c.are_regions =
        is_region_like(expr_op(in->x, g->root)) && is_region_like(expr_op(in->x, p->root));
    bool is_plain = i == 0 && k == 0;
    bool is_one_choice = str_eq(str_of(g->how), str_of(p->how)); /* made on both sides */
    bool is_odd = is_odd_pairing(in->x, g, p) || is_odd_pairing(in->x, p, g);
    bool is_wild = g->likely == LATEX_WILD || p->likely == LATEX_WILD;
    if (is_odd || (!is_one_choice && is_wild))
        return c;
    c.same = same_nodes(in, g->root, p->root, &c.comparator);
    bool is_family = as_family(in, g->root, p->root, &c);
    const char *doubt =
        c.same.verdict == EQUAL_NO && !is_family ? doubt_of(in->x, g->root, p->root) : NULL;
    bool is_signed =
        doubt_is_signed_remainder(in->x, g->root) != doubt_is_signed_remainder(in->x, p->root);
    if (is_signed && c.same.verdict == EQUAL_YES)
        c.same = same_unsure("a sign before a remainder");
    bool is_settled = doubt == doubt_open_constant && same_differs_by_more(in, g->root, p->root);
    if (doubt != NULL && !is_settled)
        c.same = same_unsure(doubt);
    if (!is_plain && !(is_one_choice && c.is_fair))
        c.same = c.is_fair ? same_by_policy(c.same, "reading")
                           : same_doubt(c.same, other_reading(c.same));
    return c;
}

/* Whether c says more than what was found: a difference between two sets of numbers, where the
 * plain readings are of two kinds ((0, 1) against [0, 1]: an open interval), or the first doubt. */
static bool is_better(const struct choice_of_readings *c, const struct choice_of_readings *found)
{
    if (c->same.verdict == EQUAL_NO)
        return c->is_fair && c->are_regions && !found->are_regions && found->same.level != LEVEL_D2;
    bool is_doubt = c->same.verdict == EQUAL_UNDECIDED &&
                    str_starts(str_of(c->same.method), STR("another reading"));
    return is_doubt && found->same.verdict == EQUAL_NO;
}

/* The first pairing of readings that is equal, best first; else what the plain ones say, unless
 * another pairing says more. */
static struct choice_of_readings choose(struct same_in *in, const struct sides *s)
{
    struct choice_of_readings found = compare_readings(in, s, 0, 0);
    if (found.same.verdict == EQUAL_YES)
        return found;
    for (int32_t sum = 1; sum < s->gold.n + s->pred.n - 1; sum++)
        for (int32_t i = 0; i <= sum && i < s->gold.n; i++) {
            if (sum - i >= s->pred.n || in->budget->work < 0)
                continue;
            struct choice_of_readings c = compare_readings(in, s, i, sum - i);
            if (c.same.verdict == EQUAL_YES)
                return c;
            if (is_better(&c, &found))
                found = c;
        }
    return found;
}

static bool is_one_of(char c, const char *set)
{
    return c != 0 && strchr(set, c) != NULL;
}

/* XIII and 3M: letters that may be digits, or words for thousands and millions. */
static bool is_number_in_letters(struct str s)
{
    int64_t n_letters = 0;
    s = str_trim(s);
    for (int64_t i = 0; i < s.n; i++) {
        bool is_digit = (s.at[i] >= '0' && s.at[i] <= '9') || s.at[i] == '.' || s.at[i] == ',';
        if (is_digit && n_letters == 0)
            continue;
        if (!is_one_of(s.at[i], "IVXLCDM") && !is_one_of(s.at[i], "KMB"))
            return false;
        n_letters++;
    }
    bool has_digits = n_letters < s.n;
    return has_digits ? n_letters == 1 && is_one_of(s.at[s.n - 1], "KMB") : n_letters > 1;
}

static bool is_base_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
}

/* 2A_{16}: digits of a base that letters stand for. */
static bool is_in_a_base(struct str s)
{
    int64_t at = str_find(s, STR("_{1"), 0);
    bool is_first = at == 1 || (at > 1 && is_one_of(s.at[at - 2], "${[( "));
    if (is_first && is_base_digit(s.at[at - 1])) /* ten, or the sixteenth of the A */
        return true;
    return at >= 2 && is_base_digit(s.at[at - 1]) && is_base_digit(s.at[at - 2]);
}

/* 0x2A, 0b101: numbers to a programmer, products to a reader of mathematics. */
static bool is_programmers(struct str s)
{
    s = str_trim(s);
    return s.n > 2 && s.at[0] == '0' && (s.at[1] == 'x' || s.at[1] == 'b') &&
           is_base_digit(s.at[2]);
}

/* (1,5; 2,5): commas that may be decimal points, because semicolons separate. */
static bool has_both_separators(struct str s)
{
    int64_t comma = str_find(s, STR(","), 0);
    int64_t semicolon = str_find(s, STR(";"), 0);
    if (semicolon > 0 && s.at[semicolon - 1] == '\\') /* a space of TeX */
        return false;
    return comma > 0 && comma + 1 < s.n && is_base_digit(s.at[comma - 1]) &&
           is_base_digit(s.at[comma + 1]) && semicolon >= 0;
}

/* A number against letters that may stand for it. */
static struct same with_letters(struct same s, struct str gold, struct str pred)
{
    bool is_read_so = s.verdict == EQUAL_YES && s.level == LEVEL_P; /* as digits of a base */
    if (is_programmers(gold) != is_programmers(pred) && !is_read_so)
        return same_unsure("letters that may stand for a number");
    if (s.verdict == EQUAL_NO && has_both_separators(gold) != has_both_separators(pred))
        return same_unsure("commas that may be decimal points");
    bool is_odd = is_number_in_letters(gold) != is_number_in_letters(pred) ||
                  is_in_a_base(gold) != is_in_a_base(pred);
    return s.verdict == EQUAL_NO && is_odd ? same_unsure("letters that may stand for a number") : s;
}

/* ----------------------------------------------------------------------- not understood */

static bool is_word_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c < 0;
}

/* Bytes at i that only change looks: marks of mathematics, sizes of brackets, white space. */
static int64_t look_at(struct str s, int64_t i)
{
    static const char *const looks[] = {"\\left",         "\\right", "\\,", "\\!", "\\;",
                                        "\\displaystyle", "\\[",     "\\]", "\\(", "\\)"};
    if (s.at[i] == ' ' || s.at[i] == '$' || s.at[i] == '\n' || s.at[i] == '\t')
        return 1;
    for (size_t k = 0; k < sizeof looks / sizeof *looks; k++)
        if (str_starts(str_sub(s, i, s.n), str_of(looks[k])))
            return str_of(looks[k]).n;
    return 0;
}

/* The text without these, for texts that nobody could read. Between two letters or digits a space
 * stays: 2 3 is not 23. */
static struct str bare(struct str s, struct arena *keep)
{
    char *at = NEW(keep, char, s.n + 1);
    int64_t n = 0;
    bool was_apart = false;
    for (int64_t i = 0; i < s.n;) {
        int64_t skip = look_at(s, i);
        if (skip > 0) {
            was_apart = true;
            i += skip;
            continue;
        }
        if (was_apart && n > 0 && is_word_byte(at[n - 1]) && is_word_byte(s.at[i]))
            at[n++] = ' ';
        was_apart = false;
        at[n++] = s.at[i++];
    }
    return (struct str){at, n};
}

static struct same by_text(const struct sides *s, struct str gold, struct str pred,
                           struct arena tmp)
{
    bool is_long = gold.n > LIMIT_ANSWER_BYTES || pred.n > LIMIT_ANSWER_BYTES;
    if (!is_long && str_trim(gold).n > 0 && str_eq(bare(gold, &tmp), bare(pred, &tmp)))
        return same_yes(LEVEL_E2, "the same text");
    if (s->gold.end != LATEX_READ)
        return same_unsure("the gold was not understood");
    return same_unsure(s->pred.end == LATEX_TOO_LONG ? "the answer is too long"
                                                     : "the answer was not understood");
}

/* What was read of a text that means something else counts for nothing; families are read whole. */
static struct same with_unread(const struct choice_of_readings *c, struct str gold, struct str pred,
                               struct arena tmp)
{
    if (c->same.verdict == EQUAL_UNDECIDED || str_eq(bare(gold, &tmp), bare(pred, &tmp)))
        return c->same;
    const char *why = unread_form(gold);
    why = why != NULL ? why : unread_form(pred);
    bool is_family = strcmp(c->comparator, "family") == 0;
    if (why == NULL && c->same.verdict == EQUAL_NO && !is_family) {
        why = unread_difference(gold, pred);
        why = why != NULL ? why : unread_difference(pred, gold);
    }
    return why == NULL ? c->same : same_unsure(why);
}

/* -------------------------------------------------------------------------------- reporting */

static struct str clipped(struct str s, int64_t n)
{
    if (s.n > n) {
        s.n = n;
        s.n -= utf8_open_tail(s);
    }
    return s;
}

static struct str one_line(struct str s, struct arena *keep)
{
    s = clipped(str_trim(s), WHY_BYTES);
    char *at = NEW(keep, char, s.n + 1);
    for (int64_t i = 0; i < s.n; i++)
        at[i] = (unsigned char)s.at[i] < ' ' ? ' ' : s.at[i];
    return (struct str){at, s.n};
}

static struct str printed(const struct exprs *x, int32_t e, struct arena *keep)
{
    CLEANUP(buf_free) struct buf b = {0};
    if (e != EXPR_NONE)
        expr_print(x, e, SHOWN_BYTES, &b);
    return arena_str(keep, buf_str(&b));
}

static const char *how_sure(enum equal_level level)
{
    static const char *const words[] = {
        [LEVEL_E2] = "proved",        [LEVEL_E1] = "probable", [LEVEL_D2] = "proved",
        [LEVEL_D1] = "another shape", [LEVEL_U] = "undecided", [LEVEL_P] = "by policy"};
    return words[level];
}

static struct str why_of(const struct equal *q, const struct sides *s, struct str gold,
                         struct str pred, struct arena *keep)
{
    struct str g = one_line(gold, keep);
    struct str p = one_line(pred, keep);
    const struct latex *bad = s->gold.end != LATEX_READ ? &s->gold : &s->pred;
    if (q->verdict == EQUAL_UNDECIDED && bad->end != LATEX_READ)
        return arena_fmt(keep, "%s: byte %lld of %.*s: %s", q->method, (long long)bad->at,
                         STR_ARG(bad == &s->gold ? g : p), bad->why);
    if (q->verdict == EQUAL_UNDECIDED)
        return arena_fmt(keep, "cannot tell whether %.*s is %.*s: %s", STR_ARG(p), STR_ARG(g),
                         q->method);
    const char *is = q->verdict == EQUAL_YES ? "is" : "is not";
    if (q->level == LEVEL_E1)
        return arena_fmt(keep, "%.*s is %.*s (%s, chance of error 2^-%lld)", STR_ARG(p), STR_ARG(g),
                         q->method, (long long)q->bits);
    return arena_fmt(keep, "%.*s %s %.*s (%s, %s)", STR_ARG(p), is, STR_ARG(g), q->method,
                     how_sure(q->level));
}

/* ---------------------------------------------------------------------------------- deciding */

/* The second half of what an arena has left, as an arena of its own. */
static struct arena half_of(struct arena *a)
{
    struct arena other = *a;
    a->end = a->next + (a->end - a->next) / 2;
    other.next = a->end;
    return other;
}

static void set_readings(struct equal *q, const struct sides *s, int32_t i, int32_t k,
                         struct arena *keep)
{
    if (s->gold.end == LATEX_READ) {
        q->gold_read = printed(s->x, s->gold.readings[i].root, keep);
        q->gold_how = s->gold.readings[i].how;
    }
    if (s->pred.end == LATEX_READ) {
        q->pred_read = printed(s->x, s->pred.readings[k].root, keep);
        q->pred_how = s->pred.readings[k].how;
    }
}

static void evaluate_readings(struct exprs *x, struct latex *side, struct budget *budget)
{
    for (int32_t i = 0; i < side->n; i++) {
        int32_t root = series_evaluated(x, side->readings[i].root, budget);
        side->readings[i].root = special_evaluated(x, root);
    }
}

/* Series and functions replaced by their values, before any two readings are compared. */
static void evaluate(struct sides *s, struct budget *budget)
{
    evaluate_readings(s->x, &s->gold, budget);
    evaluate_readings(s->x, &s->pred, budget);
}

struct equal equal_decide(struct str gold, struct str pred, const struct equal_policy *policy,
                          struct arena *keep, struct arena tmp)
{
    static const struct equal_policy defaults;
    struct arena graph = half_of(&tmp);
    struct sides s = {.x = exprs_open(&graph)};
    struct budget budget = {.work = LIMIT_MATH_WORK};
    struct equal q = {.comparator = "", .gold_how = "", .pred_how = ""};
    struct choice_of_readings c = {.comparator = "text"};
    s.gold = latex_read(s.x, gold, tmp);
    s.pred = latex_read(s.x, pred, tmp);
    evaluate(&s, &budget);
    if (s.gold.end != LATEX_READ || s.pred.end != LATEX_READ) {
        c.same = by_text(&s, gold, pred, tmp);
    } else {
        struct same_in in = {
            .x = s.x, .policy = policy == NULL ? &defaults : policy, .budget = &budget, .tmp = tmp};
        c = choose(&in, &s);
        c.same = with_letters(c.same, gold, pred);
        c.same = with_unread(&c, gold, pred, tmp);
    }
    q.verdict = c.same.verdict;
    q.level = c.same.level;
    q.method = c.same.method;
    q.bits = c.same.bits;
    q.comparator = c.comparator;
    set_readings(&q, &s, c.i_gold, c.i_pred, keep);
    q.why = why_of(&q, &s, gold, pred, keep);
    exprs_close(s.x);
    return q;
}

bool equal_gold_is_sound(struct str gold, const struct equal_policy *policy, struct str *why,
                         struct arena *keep, struct arena tmp)
{
    struct arena graph = half_of(&tmp);
    struct exprs *x = exprs_open(&graph);
    struct latex read = latex_read(x, gold, tmp);
    exprs_close(x);
    if (read.end != LATEX_READ) {
        *why = arena_fmt(keep, "byte %lld: %s", (long long)read.at, read.why);
        return false;
    }
    struct equal q = equal_decide(gold, gold, policy, keep, tmp);
    *why = q.why;
    return q.verdict == EQUAL_YES;
}

bool equal_gold_is_list(struct str gold, struct arena tmp)
{
    struct arena graph = half_of(&tmp);
    struct exprs *x = exprs_open(&graph);
    struct latex read = latex_read(x, gold, tmp);
    bool is_list = false;
    if (read.end == LATEX_READ && read.readings[0].root != EXPR_NONE) {
        enum expr_op op = expr_op(x, read.readings[0].root);
        is_list = op == EXPR_LIST || op == EXPR_SET || op == EXPR_OR ||
                  (expr_has(x, read.readings[0].root) & EXPR_HAS_PLUS_MINUS) != 0;
    }
    exprs_close(x);
    return is_list;
}
