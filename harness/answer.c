#include "harness/answer.h"

#include <assert.h>

#include "base/limits.h"

const char *answer_verdict_name(enum answer_verdict v)
{
    static const char *const names[] = {[ANSWER_EQUAL] = "equal",
                                        [ANSWER_DIFFERENT] = "different",
                                        [ANSWER_UNDECIDED] = "undecided",
                                        [ANSWER_NONE] = "no_answer"};
    assert((size_t)v < sizeof names / sizeof *names);
    return names[v];
}

/* ---- mathematics ---- */

/* Nothing was found; or a place was found and what it holds is not clear (graders/extract.h), which
 * is not the model's fault. */
static enum answer_verdict without_text(enum extract_rule rule)
{
    return rule == EXTRACT_UNCLEAR ? ANSWER_UNDECIDED : ANSWER_NONE;
}

/* Sets what there is to compare. False: there is nothing, and the verdict says which kind of. */
static bool find_math(const struct answer_ask *a, struct answer_said *s, struct arena *keep,
                      struct arena tmp)
{
    if (!a->is_response) {
        s->extracted = str_trim(a->text);
        s->verdict = ANSWER_NONE;
        s->why = STR("the answer is empty");
        return s->extracted.n > 0;
    }
    enum extract_gold gold = equal_gold_is_list(a->gold, tmp) ? EXTRACT_LIST : EXTRACT_ONE;
    struct extract x = extract_answer(a->text, gold, a->reach, keep, tmp);
    s->rule = extract_rule_name(x.rule);
    s->extracted = x.text;
    s->is_hedged = x.is_hedged;
    s->from = x.from;
    s->to = x.to;
    s->verdict = without_text(x.rule);
    s->why = str_of(x.why);
    if (x.rule == EXTRACT_NOTHING)
        s->from = s->to = -1;
    return extract_has_text(x.rule);
}

static void take_equal(struct answer_said *s, const struct equal *q)
{
    static const enum answer_verdict verdicts[] = {[EQUAL_YES] = ANSWER_EQUAL,
                                                   [EQUAL_NO] = ANSWER_DIFFERENT,
                                                   [EQUAL_UNDECIDED] = ANSWER_UNDECIDED};
    s->verdict = verdicts[q->verdict];
    s->level = equal_level_name(q->level);
    s->comparator = q->comparator;
    s->method = q->method;
    s->bits = q->bits;
    s->gold_read = q->gold_read;
    s->pred_read = q->pred_read;
    s->gold_how = q->gold_how;
    s->pred_how = q->pred_how;
    s->why = q->why;
}

static void decide_math(const struct answer_ask *a, struct answer_said *s, struct arena *keep,
                        struct arena tmp)
{
    if (!find_math(a, s, keep, tmp))
        return;
    struct equal q = equal_decide(a->gold, s->extracted, &a->policy, keep, tmp);
    take_equal(s, &q);
    if (!s->is_hedged || s->verdict != ANSWER_EQUAL)
        return;
    s->verdict = ANSWER_UNDECIDED;
    s->level = equal_level_name(LEVEL_U);
    s->why = STR("the reply offers another answer beside the right one");
}

/* ---- options ---- */

static struct choice choice_alone(const struct answer_ask *a, struct arena *keep, struct arena tmp)
{
    struct str text = str_trim(a->text);
    int64_t i = choice_gold(text, a->options, a->n_options);
    if (text.n == 0)
        return (struct choice){.found = CHOICE_NONE, .why = "the answer is empty"};
    if (i >= 0)
        return (struct choice){
            .found = CHOICE_LETTER, .letter = (char)('A' + i), .why = "the answer names an option"};
    struct choice c = choice_extract(text, a->options, a->n_options, keep, tmp);
    if (c.found == CHOICE_NONE)
        c = (struct choice){.found = CHOICE_ABSTAIN, .why = "the answer names no option"};
    return c;
}

static bool decide_choice(const struct answer_ask *a, struct answer_said *s, struct arena *keep,
                          struct arena tmp, struct err *e)
{
    int64_t gold = choice_gold(a->gold, a->options, a->n_options);
    if (gold < 0)
        return FAIL(e, ERR_INPUT, "the gold \"%.60s\" names none of the options",
                    arena_str(keep, a->gold).at);
    struct choice c = a->is_response ? choice_extract(a->text, a->options, a->n_options, keep, tmp)
                                     : choice_alone(a, keep, tmp);
    bool has_letter = c.found == CHOICE_LETTER;
    bool is_equal = has_letter && c.letter == 'A' + gold;
    s->verdict = is_equal                    ? ANSWER_EQUAL
                 : has_letter                ? ANSWER_DIFFERENT
                 : c.found == CHOICE_ABSTAIN ? ANSWER_UNDECIDED
                                             : ANSWER_NONE;
    s->why = has_letter ? arena_fmt(keep, "option %c %s option %c", c.letter,
                                    is_equal ? "is" : "is not", (char)('A' + gold))
                        : str_of(c.why);
    s->gold_read = arena_fmt(keep, "%c", (char)('A' + gold));
    if (has_letter)
        s->extracted = arena_fmt(keep, "%c", c.letter);
    s->pred_read = s->extracted;
    s->comparator = "option";
    s->method = has_letter ? "letters" : c.why;
    if (c.found != CHOICE_NONE)
        s->level = equal_level_name(!has_letter ? LEVEL_U : is_equal ? LEVEL_E2 : LEVEL_D2);
    if (a->is_response) {
        s->rule = c.rule != NULL ? c.rule : "nothing";
        s->from = c.found == CHOICE_NONE ? -1 : c.from;
        s->to = c.found == CHOICE_NONE ? -1 : c.to;
    }
    return true;
}

bool answer_decide(const struct answer_ask *a, struct answer_said *out, struct arena *keep,
                   struct arena tmp, struct err *e)
{
    struct answer_said s = {.rule = "given", .from = -1, .to = -1, .gold_how = "", .pred_how = ""};
    if (str_trim(a->gold).n == 0)
        return FAIL(e, ERR_INPUT, "the gold is empty");
    if (a->kind == ANSWER_CHOICE)
        TRY(decide_choice(a, &s, keep, tmp, e));
    else
        decide_math(a, &s, keep, tmp);
    assert(s.why.n > 0);
    *out = s;
    return true;
}
