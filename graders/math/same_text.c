/* Words and letters. Words are equal when they are the same words, or two ways to say one thing
 * that needs no problem to be understood; two single words that exclude each other are different.
 */
#include <assert.h>

#include "graders/math/same.h"

/* Each row is one meaning; rows of one group exclude each other. */
static const struct meaning {
    const char *words;
    int row;
    int group;
} meanings[] = {
    {"yes", 0, 0},
    {"true", 0, 0},
    {"no", 1, 0},
    {"false", 1, 0},
    {"even", 2, 1},
    {"odd", 3, 1},
    {"neither", 4, 1},
    {"no solution", 5, 2},
    {"no solutions", 5, 2},
    {"none", 5, 2},
    {"there are no solutions", 5, 2},
    {"there is no solution", 5, 2},
    {"no real solutions", 6, 9},
    {"no real solution", 6, 9},
    {"does not exist", 7, 3},
    {"dne", 7, 3},
    {"exists", 14, 3},
    {"undefined", 8, 4},
    {"infinitely many", 9, 2},
    {"infinitely many solutions", 9, 2},
    {"infinite", 9, 2},
    {"converges", 10, 5},
    {"convergent", 10, 5},
    {"diverges", 11, 5},
    {"divergent", 11, 5},
    {"increasing", 12, 6},
    {"decreasing", 13, 6},
    {"first", 15, 7},
    {"first player", 15, 7},
    {"the first player", 15, 7},
    {"second", 16, 7},
    {"second player", 16, 7},
    {"the second player", 16, 7},
};

static const struct meaning *meaning_of(struct str words)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (str_eq(words, str_of(meanings[i].words)))
            return &meanings[i];
    return NULL;
}

static bool is_one_word(struct str s)
{
    return str_find(s, STR(" "), 0) < 0;
}

static bool is_negation(struct str negated, struct str plain)
{
    return str_starts(negated, STR("not ")) && str_eq(str_sub(negated, 4, negated.n), plain);
}

static struct same words(struct str g, struct str p)
{
    const struct meaning *of_g = meaning_of(g);
    const struct meaning *of_p = meaning_of(p);
    if (str_eq(g, p))
        return same_yes(LEVEL_E2, "the same words");
    if (of_g != NULL && of_p != NULL) {
        if (of_g->row == of_p->row)
            return same_by_policy(same_yes(LEVEL_E2, ""), "two ways to say one thing");
        if (of_g->group == of_p->group)
            return same_no(LEVEL_D2, "words that exclude each other");
    }
    if (is_negation(g, p) || is_negation(p, g))
        return same_no(LEVEL_D2, "one is the other's negation");
    if (is_one_word(g) && is_one_word(p))
        return same_no(LEVEL_D1, "another word");
    return same_unsure("other words");
}

static struct str name_of(struct same_in *in, int32_t e)
{
    bool has_name = expr_is(in->x, e, EXPR_TEXT) || expr_is(in->x, e, EXPR_LETTER) ||
                    expr_is(in->x, e, EXPR_SYMBOL);
    return has_name ? expr_name(in->x, e) : STR("");
}

/* The empty set, and an infinity, in words. */
static struct same words_against(struct same_in *in, struct str text, int32_t other)
{
    const struct meaning *m = meaning_of(text);
    bool is_empty = expr_is(in->x, other, EXPR_SET) && expr_n_args(in->x, other) == 0;
    if (m == NULL)
        return same_unsure("words against another kind of answer");
    if (is_empty && str_eq(str_of(m->words), str_of("none")))
        return same_by_policy(same_yes(LEVEL_E2, ""), "the empty set in words");
    enum { NO_SOLUTION = 5, NO_REAL_SOLUTION = 6, MANY = 9 };
    if (is_empty && (m->row == NO_SOLUTION || m->row == NO_REAL_SOLUTION))
        return same_by_policy(same_yes(LEVEL_E2, ""), "the empty set in words");
    if (expr_is_constant(in->x, other, EXPR_INFINITY))
        return m->row == MANY ? same_unsure("infinity in words")
                              : same_no(LEVEL_D1, "words against a number");
    if (m->row == NO_SOLUTION && expr_is_int(in->x, other, 0)) /* how many there are, perhaps */
        return same_unsure("no solution against the number 0");
    return same_no(LEVEL_D1, "words against another kind of answer");
}

struct same same_text(struct same_in *in, struct shape g, struct shape p)
{
    struct str name_g = name_of(in, g.node);
    struct str name_p = name_of(in, p.node);
    bool is_letter = g.kind == SHAPE_LETTER || p.kind == SHAPE_LETTER;
    bool is_case = name_g.n == 1 && name_p.n == 1 && (name_g.at[0] | 32) == (name_p.at[0] | 32);
    if (is_letter && is_case && !str_eq(name_g, name_p))
        return same_unsure("a small letter for a capital");
    if (is_letter && name_g.n > 0 && name_p.n > 0)
        return str_eq(name_g, name_p) ? same_yes(LEVEL_E2, "the same letter")
                                      : same_no(LEVEL_D2, "another letter");
    bool is_list = g.kind == SHAPE_LIST || p.kind == SHAPE_LIST;
    if (is_letter && is_list)
        return same_no(LEVEL_D1, "a letter against several");
    if (is_letter)
        return same_unsure("a letter against another kind of answer");
    if (g.kind == SHAPE_TEXT && p.kind == SHAPE_TEXT)
        return words(name_g, name_p);
    return g.kind == SHAPE_TEXT ? words_against(in, name_g, p.node)
                                : words_against(in, name_p, g.node);
}
