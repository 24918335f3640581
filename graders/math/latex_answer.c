#include <assert.h>

#include "base/limits.h"
#include "graders/math/latex_parse.h"

/* ---------------------------------------------------------------------------------- words */

/* The words from..to, in lower case with single spaces, as EXPR_TEXT. */
int32_t latex_words(struct latex_parser *p, const struct latex_token *from,
                    const struct latex_token *to)
{
    int64_t most = 1;
    for (const struct latex_token *t = from; t < to; t++)
        most += t->to - t->from + 1;
    char *out = arena_take(p->tmp, most, 1, 1);
    int64_t n = 0;
    for (const struct latex_token *t = from; t < to; t++) {
        if (n > 0 && t->space != SPACE_NONE)
            out[n++] = ' ';
        struct str s = latex_text(p, t);
        for (int64_t i = 0; i < s.n; i++) {
            char c = s.at[i];
            out[n++] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
        }
    }
    return latex_node(p, expr_make(p->x, EXPR_TEXT, 0, (struct str){out, n}, p->stack, 0));
}

static bool is_word_sign(const struct latex_token *t)
{
    return t->kind == T_MINUS || t->kind == T_PRIME;
}

/* "n is prime" says something about n. */
static bool is_about_symbol(const struct latex_parser *p)
{
    const struct latex_token *t = p->first;
    bool is_lone =
        t->kind == T_SYMBOL && t->run == 0 && t[1].kind == T_KEYWORD && t[1].arg == KEY_IS;
    while (t->kind == T_KEYWORD && t->arg == KEY_ALL)
        t++;
    const struct latex_token *from = t;
    while (t->kind == T_WORD && t->arg == 0)
        t++;
    return is_lone || (t > from && t->kind == T_SYMBOL && t->run == 0 && t[1].kind == T_END);
}

/* Whether there are only words, hyphens and apostrophes, and at least one that means no unit. */
static bool are_words(const struct latex_parser *p)
{
    bool has_word = false;
    for (const struct latex_token *t = p->first; t->kind != T_END; t++) {
        if (!t->is_letters && !(is_word_sign(t) && t != p->first))
            return false;
        has_word |= t->kind == T_WORD && (t->arg == 0 || t == p->first);
        has_word |= t->kind == T_KEYWORD && (t->arg == KEY_ALL || t->arg == KEY_NOT ||
                                             t->arg == KEY_SQUARE || t->arg == KEY_CUBIC);
        if (t->kind == T_KEYWORD && (t->arg == KEY_AND || t->arg == KEY_OR))
            return false;
    }
    return has_word && !is_about_symbol(p);
}

/* An unknown run of letters alone: a product, or a word. AB and ab are products only: as words they
 * would be the same. */
static bool is_run(const struct latex_parser *p)
{
    enum { LEAST = 3 }; /* letters after the first */
    const struct latex_token *t = p->first;
    if (t->kind != T_SYMBOL || t->run < LEAST)
        return false;
    return t[t->run + 1].kind == T_END;
}

/* What "all real numbers" means. */
static int32_t phrase(struct latex_parser *p, struct str s)
{
    static const struct {
        const char *text;
        enum expr_constant set;
    } known[] = {{"all real numbers", EXPR_REALS},        {"all reals", EXPR_REALS},
                 {"the real numbers", EXPR_REALS},        {"real numbers", EXPR_REALS},
                 {"any real number", EXPR_REALS},         {"all integers", EXPR_INTEGERS},
                 {"the integers", EXPR_INTEGERS},         {"all positive integers", EXPR_NATURALS},
                 {"positive integers", EXPR_NATURALS},    {"all natural numbers", EXPR_NATURALS},
                 {"all complex numbers", EXPR_COMPLEXES}, {"all rational numbers", EXPR_RATIONALS}};
    static const char *const numbers[] = {"zero", "one",    "two",   "three", "four",
                                          "five", "six",    "seven", "eight", "nine",
                                          "ten",  "eleven", "twelve"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(s, str_of(known[i].text)))
            return expr_constant(p->x, known[i].set);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (str_eq(s, str_of(numbers[i])))
            return expr_int(p->x, (int64_t)i);
    return str_eq(s, STR("empty set")) || str_eq(s, STR("the empty set"))
               ? expr_make(p->x, EXPR_SET, 0, STR(""), p->stack, 0)
               : EXPR_NONE;
}

static int32_t only_words(struct latex_parser *p)
{
    const struct latex_token *from = p->t;
    while (p->t->kind != T_END)
        p->t++;
    int32_t text = latex_words(p, from, p->t);
    int32_t meant = p->failed ? EXPR_NONE : phrase(p, expr_name(p->x, text));
    return meant != EXPR_NONE && !latex_choice(p, CHOICE_WORDS) ? meant : text;
}

/* -------------------------------------------------------------------------------- letters */

/* "A", "(B)", "(b)": one letter and nothing else. */
static const struct latex_token *letter(const struct latex_parser *p)
{
    const struct latex_token *t = p->first;
    bool is_open = t->kind == T_OPEN || t->kind == T_GROUP_OPEN;
    t += is_open;
    const struct latex_token *end =
        t + 1 + (is_open && (t[1].kind == T_CLOSE || t[1].kind == T_GROUP_CLOSE));
    if (t->kind != T_SYMBOL || t->name.n != 1 || end->kind != T_END)
        return NULL;
    char c = t->name.at[0];
    bool is_option = (c >= 'A' && c <= 'J') || (p->first->kind == T_OPEN && c >= 'a' && c <= 'e');
    return is_option ? t : NULL;
}

/* "(A) 5": the option and what it says. */
static bool has_option_text(const struct latex_parser *p)
{
    const struct latex_token *t = p->first;
    bool is_open = t->kind == T_OPEN;
    t -= !is_open; /* "A) 5" */
    return t[1].kind == T_SYMBOL && t[2].kind == T_CLOSE && t[2].arg == ')' && t[1].name.n == 1 &&
           t[1].name.at[0] >= 'A' && t[1].name.at[0] <= 'J' && t[3].space != SPACE_NONE &&
           t[3].kind != T_END;
}

static int32_t option(struct latex_parser *p, const struct latex_token *t)
{
    char c = t->name.at[0];
    c = c >= 'a' ? (char)(c - ('a' - 'A')) : c;
    while (p->t->kind != T_END)
        p->t++;
    return latex_node(p, expr_make(p->x, EXPR_LETTER, 0, (struct str){&c, 1}, p->stack, 0));
}

/* ----------------------------------------------------------------------------- conditions */

static bool is_relation(const struct latex_parser *p, int32_t e)
{
    enum expr_op op = expr_op(p->x, e);
    return op == EXPR_RELATION || op == EXPR_AND || op == EXPR_OR || op == EXPR_NOT ||
           op == EXPR_FOR_ALL;
}

static bool is_assignment(const struct latex_parser *p, int32_t e)
{
    return expr_is(p->x, e, EXPR_RELATION) && str_eq(expr_name(p->x, e), STR("="));
}

static bool at_condition(const struct latex_parser *p)
{
    const struct latex_token *t = p->t;
    if (t->kind == T_OPEN && t->holds_relation)
        return true;
    t += t->kind == T_COMMA || t->kind == T_OPEN;
    return t->kind == T_FOR_ALL || (t->kind == T_KEYWORD && t->arg == KEY_FOR) ||
           (t->kind == T_KEYWORD && t->arg == KEY_ALL && t != p->t);
}

/* "for all x", "where k \in Z", "(for n >= 2)", at its first token. */
static int32_t with_condition(struct latex_parser *p, int32_t statement)
{
    bool is_open = latex_at(p, T_OPEN);
    p->t += latex_at(p, T_COMMA) || is_open;
    while (latex_at(p, T_FOR_ALL) || latex_at_arg(p, T_KEYWORD, KEY_FOR) ||
           latex_at_arg(p, T_KEYWORD, KEY_ALL))
        p->t++;
    int32_t condition = latex_statement(p);
    if (is_open)
        (void)latex_expect(p, T_CLOSE, "a bracket is not closed");
    return p->failed ? EXPR_NONE
                     : latex_node(p, expr_make(p->x, EXPR_FOR_ALL, 0, STR(""),
                                               (int32_t[]){statement, condition}, 2));
}

/* ---------------------------------------------------------------------------------- lists */

enum joint {
    JOINT_COMMA = 1,
    JOINT_OR = 2,
    JOINT_AND = 4,
    JOINT_LOGIC_AND = 8,
    JOINT_LOGIC_OR = 16,
    JOINT_SEMICOLON = 32
};

/* The joints between two members: ",", "or", ", and". 0: the list is at its end. */
static int joint(struct latex_parser *p)
{
    int found = 0;
    for (;; p->t++) {
        if (latex_at(p, T_SEMICOLON))
            found |= JOINT_COMMA | JOINT_SEMICOLON;
        else if (latex_at(p, T_COMMA) || latex_at(p, T_BREAK))
            found |= JOINT_COMMA;
        else if (latex_at_arg(p, T_KEYWORD, KEY_OR))
            found |= JOINT_OR;
        else if (latex_at_arg(p, T_KEYWORD, KEY_AND))
            found |= JOINT_AND;
        else if (latex_at(p, T_AND))
            found |= JOINT_LOGIC_AND;
        else if (latex_at(p, T_OR))
            found |= JOINT_LOGIC_OR;
        else
            return found;
    }
}

static bool all_relations(const struct latex_parser *p, int32_t base)
{
    for (int32_t i = base; i < p->n_stack; i++)
        if (!is_relation(p, p->stack[i]))
            return false;
    return true;
}

/* x = 1, 2: the list belongs to the right side. */
static bool is_folded(const struct latex_parser *p, int32_t base)
{
    if (!is_assignment(p, p->stack[base]) || p->n_stack - base < 2)
        return false;
    for (int32_t i = base + 1; i < p->n_stack; i++)
        if (is_relation(p, p->stack[i]))
            return false;
    return true;
}

static int32_t folded(struct latex_parser *p, int32_t base, const char *name)
{
    int32_t first = p->stack[base];
    int32_t left = expr_arg(p->x, first, 0);
    p->stack[base] = expr_arg(p->x, first, 1);
    int32_t list = latex_make(p, EXPR_LIST, 0, name, base);
    return latex_node(p, expr_make(p->x, EXPR_RELATION, 0, STR("="), (int32_t[]){left, list}, 2));
}

/* x != 0, 1: neither. */
static bool is_unequal_to_all(const struct latex_parser *p, int32_t base)
{
    int32_t first = p->stack[base];
    if (!expr_is(p->x, first, EXPR_RELATION) || !str_eq(expr_name(p->x, first), STR("!")))
        return false;
    for (int32_t i = base + 1; i < p->n_stack; i++)
        if (is_relation(p, p->stack[i]) || !expr_is_scalar(p->x, p->stack[i]))
            return false;
    return true;
}

static void spread(struct latex_parser *p, int32_t base)
{
    int32_t left = expr_arg(p->x, p->stack[base], 0);
    for (int32_t i = base + 1; i < p->n_stack; i++)
        p->stack[i] = latex_node(
            p, expr_make(p->x, EXPR_RELATION, 0, STR("!"), (int32_t[]){left, p->stack[i]}, 2));
}

/* x = 1 and x = 2 lists values; x > 1 and y = 2 says both. */
static bool is_same_name(const struct latex_parser *p, int32_t base)
{
    for (int32_t i = base; i < p->n_stack; i++)
        if (!is_assignment(p, p->stack[i]) ||
            expr_arg(p->x, p->stack[i], 0) != expr_arg(p->x, p->stack[base], 0))
            return false;
    return true;
}

/* x = 2k pi, k \in Z: the last member says what k is. */
static bool is_trailing_condition(const struct latex_parser *p, int32_t base)
{
    int32_t last = p->stack[p->n_stack - 1];
    if (!expr_is(p->x, last, EXPR_RELATION) || !str_eq(expr_name(p->x, last), STR("e")) ||
        !expr_is(p->x, expr_arg(p->x, last, 0), EXPR_SYMBOL))
        return false;
    uint64_t symbol = expr_free(p->x, expr_arg(p->x, last, 0));
    for (int32_t i = base; i < p->n_stack - 1; i++)
        if ((expr_free(p->x, p->stack[i]) & symbol) != 0)
            return true;
    return false;
}

static int32_t list_of(struct latex_parser *p, int32_t base, int joints)
{
    if (p->failed || p->n_stack == base + 1)
        return p->failed ? EXPR_NONE : p->stack[--p->n_stack];
    bool is_or = (joints & (JOINT_OR | JOINT_LOGIC_OR)) != 0;
    bool is_and = (joints & (JOINT_AND | JOINT_LOGIC_AND)) != 0;
    if (is_or && is_and)
        return latex_fail(p, "\"and\" beside \"or\"");
    const char *name = is_or ? "or" : is_and ? "and" : "";
    if (is_folded(p, base))
        return folded(p, base, name);
    if (is_unequal_to_all(p, base)) {
        spread(p, base);
        return latex_make(p, EXPR_AND, 0, "", base);
    }
    bool are_relations = all_relations(p, base);
    if (are_relations && is_or)
        return latex_make(p, EXPR_OR, 0, "", base);
    if ((joints & JOINT_LOGIC_AND) != 0 || (are_relations && is_and && !is_same_name(p, base)))
        return latex_make(p, EXPR_AND, 0, "", base);
    return latex_make(p, EXPR_LIST, 0, name, base);
}

/* x = 1, y = 2 or x = 2, y = 1: commas bind tighter than "or" and semicolons, where they join what
 * speaks of different names. True when the members from..top became one. */
static bool is_grouped(struct latex_parser *p, int32_t from)
{
    if (p->failed || p->n_stack - from < 2 || !all_relations(p, from) || is_same_name(p, from))
        return false;
    (void)latex_push(p, latex_make(p, EXPR_AND, 0, "", from));
    return true;
}

static int32_t list(struct latex_parser *p)
{
    int32_t base = p->n_stack;
    int32_t from = base; /* of the members since the last "or" */
    bool are_groups = false;
    int joints = 0;
    if (!latex_push(p, latex_statement(p)))
        return EXPR_NONE;
    while (!p->failed) {
        if (at_condition(p)) {
            int32_t statement = list_of(p, base, joints);
            (void)latex_push(p, with_condition(p, statement));
            joints = 0;
            continue;
        }
        int found = joint(p);
        joints |= found;
        if (found == 0 || latex_at(p, T_END))
            break;
        if ((found & (JOINT_OR | JOINT_LOGIC_OR | JOINT_SEMICOLON)) != 0) {
            are_groups |= is_grouped(p, from);
            from = p->n_stack;
        }
        (void)latex_push(p, latex_statement(p));
    }
    if (are_groups || (from > base && (joints & JOINT_COMMA) != 0))
        are_groups |= is_grouped(p, from);
    if (are_groups)
        joints = JOINT_OR;
    if (p->failed)
        return EXPR_NONE;
    if (joints == JOINT_COMMA && is_trailing_condition(p, base)) {
        int32_t condition = p->stack[--p->n_stack];
        int32_t e = list_of(p, base, joints);
        return latex_node(p,
                          expr_make(p->x, EXPR_FOR_ALL, 0, STR(""), (int32_t[]){e, condition}, 2));
    }
    return list_of(p, base, joints);
}

/* "The answer is": words that may stand before an answer, up to "is" or a colon. */
static void skip_fillers(struct latex_parser *p)
{
    const struct latex_token *t = p->t;
    if (t->kind == T_RELATION && (t->arg == EXPR_APPROX || t->arg == EXPR_EQ))
        t = ++p->t; /* "= 5" */
    while (t->kind == T_FILLER)
        t++;
    bool has_end = (t->kind == T_KEYWORD && t->arg == KEY_IS) || t->kind == T_COLON ||
                   t->kind == T_COMMA || (t->kind == T_RELATION && t->arg == EXPR_EQ);
    if (t > p->t && has_end && t[1].kind != T_END)
        p->t = t + 1 + (t[1].kind == T_COLON);
}

int32_t latex_answer(struct latex_parser *p)
{
    if (p->t != p->first)
        return list(p);
    int32_t number = latex_radix(p);
    if (number != EXPR_NONE)
        return number;
    skip_fillers(p);
    const struct latex_token *option_letter = letter(p);
    if (option_letter != NULL && !latex_choice(p, CHOICE_LETTER))
        return option(p, option_letter);
    if (option_letter == NULL && has_option_text(p)) {
        if (!latex_choice(p, CHOICE_LETTER))
            return option(p, p->first + (p->first->kind == T_OPEN));
        p->t = p->first + 2 + (p->first->kind == T_OPEN);
        return list(p);
    }
    if (p->t == p->first && (are_words(p) || (is_run(p) && latex_choice(p, CHOICE_WORDS))))
        return only_words(p);
    return list(p);
}
