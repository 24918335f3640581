#include "graders/math/math.h"

#include <assert.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "graders/extract.h"
#include "graders/math/judge_question.h"

enum { SHOWN_BYTES = 2048 }; /* of an answer in reasons and evidence */

/* What one judging knows. */
struct judging {
    struct str gold;
    struct equal_policy policy;
    enum extract_reach reach;
    struct extract taken;
    struct equal found;
    bool was_compared;
    bool was_asked; /* a judge model has replied: said */
    enum judge_said said;
    enum verdict verdict;
    struct str reason;
};

static struct str clipped(struct str s)
{
    if (s.n > SHOWN_BYTES) {
        s.n = SHOWN_BYTES;
        s.n -= utf8_open_tail(s);
    }
    return s;
}

/* ---------------------------------------------------------------------------------- gold */

static bool is_unbalanced(struct str s)
{
    int64_t depth = 0;
    for (int64_t i = 0; i < s.n; i++) {
        if (s.at[i] == '\\') {
            i++;
            continue;
        }
        depth += (s.at[i] == '{') - (s.at[i] == '}');
        if (depth < 0)
            return true;
    }
    return depth != 0;
}

static bool check_gold(struct str gold, struct err *e)
{
    if (str_trim(gold).n == 0)
        return FAIL(e, ERR_INPUT, "the item's answer is empty");
    if (gold.n > LIMIT_ANSWER_BYTES)
        return FAIL(e, ERR_LIMIT, "the item's answer has %lld bytes, more than %lld",
                    (long long)gold.n, (long long)LIMIT_ANSWER_BYTES);
    if (utf8_first_bad(gold) >= 0)
        return FAIL(e, ERR_INPUT, "the item's answer is not UTF-8");
    if (is_unbalanced(gold))
        return FAIL(e, ERR_INPUT, "the item's answer has unbalanced braces: %.*s",
                    STR_ARG(str_sub(gold, 0, 100)));
    return true;
}

bool math_gold(const struct json *key, const struct json *definition, struct str *gold,
               struct arena *keep, struct err *e)
{
    struct str field = STR("answer");
    int64_t whole;
    (void)json_str(json_get(json_get(definition, "fields"), "answer"), &field);
    const struct json *j = json_get(key, field.at);
    if (json_i64(j, &whole))
        *gold = arena_fmt(keep, "%lld", (long long)whole);
    else if (!json_str(j, gold))
        return FAIL(e, ERR_INPUT, "the item's field \"%.60s\" must be text or a whole number",
                    field.at);
    return check_gold(*gold, e);
}

static bool read_reach(const struct json *definition, enum extract_reach *out, struct err *e)
{
    struct str name = STR("declared");
    const struct json *j = json_get(definition, "extraction");
    if (j != NULL && !json_str(j, &name))
        name = STR("");
    if (!extract_reach_from_name(name, out))
        return FAIL(e, ERR_INPUT,
                    "the definition's \"extraction\" must be \"boxed\", \"declared\" or \"any\"");
    return true;
}

/* -------------------------------------------------------------------------------- evidence */

static void put_span(struct json_out *w, int64_t from, int64_t to)
{
    json_put_key(w, "span");
    json_open(w, '[');
    json_put_i64(w, from);
    json_put_i64(w, to);
    json_close(w, ']');
}

static void put_taken(struct json_out *w, const struct extract *x)
{
    json_pair_str(w, "extracted_by", str_of(extract_rule_name(x->rule)));
    put_span(w, x->from, x->to);
    json_pair_i64(w, "boxes", x->n_boxes);
    json_pair_bool(w, "boxes_agree", x->do_all_agree);
    json_put_key(w, "places");
    json_open(w, '[');
    for (int64_t i = 0; i < x->n_places; i++) {
        json_open(w, '{');
        json_pair_str(w, "rule", str_of(extract_rule_name(x->places[i].rule)));
        put_span(w, x->places[i].from, x->places[i].to);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void put_side(struct json_out *w, const char *key, struct str text, struct str read,
                     const char *how)
{
    json_put_key(w, key);
    json_open(w, '{');
    json_pair_str(w, "text", clipped(text));
    if (read.n > 0)
        json_pair_str(w, "read", read);
    if (how != NULL && how[0] != 0)
        json_pair_str(w, "reading", str_of(how));
    json_close(w, '}');
}

static void put_found(struct json_out *w, const struct judging *j)
{
    CLEANUP(buf_free) struct buf policies = {0};
    json_pair_str(w, "comparator", str_of(j->found.comparator));
    json_pair_str(w, "method", str_of(j->found.method));
    json_pair_str(w, "level", str_of(equal_level_name(j->found.level)));
    if (j->found.bits > 0)
        json_pair_i64(w, "bits", j->found.bits);
    equal_policy_print(&j->policy, &policies);
    json_put_key(w, "policies");
    json_put_raw(w, buf_str(&policies));
    if (j->was_asked) {
        json_pair_str(w, "judged_by", STR("model"));
        json_pair_str(w, "judge_said", str_of(judge_said_name(j->said)));
    }
}

static struct str evidence(const struct judging *j, struct arena *keep)
{
    CLEANUP(json_out_free) struct json_out w = {0};
    json_open(&w, '{');
    put_taken(&w, &j->taken);
    put_side(&w, "gold", j->gold, j->found.gold_read, j->found.gold_how);
    if (extract_has_text(j->taken.rule))
        put_side(&w, "answer", j->taken.text, j->found.pred_read, j->found.pred_how);
    if (j->was_compared)
        put_found(&w, j);
    json_close(&w, '}');
    return arena_str(keep, buf_str(&w.text));
}

/* --------------------------------------------------------------------------------- judging */

/* Where the last box never closes, or is empty, the reply gives nothing; where it is unclear what
 * it gives, nobody can say. */
static void decide_nothing(struct judging *j, struct arena *keep)
{
    bool is_unclear = j->taken.rule == EXTRACT_UNCLEAR;
    j->verdict = is_unclear ? VERDICT_UNDECIDED : VERDICT_NO_ANSWER;
    j->reason = arena_fmt(keep, "%s%s", is_unclear ? "cannot tell: " : "no answer: ", j->taken.why);
}

static void decide(struct judging *j, struct arena *keep, struct arena tmp)
{
    static const enum verdict verdicts[] = {[EQUAL_YES] = VERDICT_RIGHT,
                                            [EQUAL_NO] = VERDICT_WRONG,
                                            [EQUAL_UNDECIDED] = VERDICT_UNDECIDED};
    if (!extract_has_text(j->taken.rule)) {
        decide_nothing(j, keep);
        return;
    }
    j->found = equal_decide(j->gold, j->taken.text, &j->policy, keep, tmp);
    j->was_compared = true;
    j->verdict = verdicts[j->found.verdict];
    j->reason = j->found.why;
    if (j->taken.is_hedged && j->verdict == VERDICT_RIGHT) {
        j->verdict = VERDICT_UNDECIDED;
        j->reason = STR("cannot tell: the reply gives another answer beside this one");
    }
}

/* What the judge model said, where it was asked. */
static void hear(struct judging *j, const struct grade_in *in, struct arena *keep)
{
    if (j->verdict != VERDICT_UNDECIDED || in->n_judged == 0)
        return;
    j->was_asked = true;
    j->said = judge_question_read(in->judged[0]);
    if (j->said == JUDGE_UNCLEAR) {
        j->reason = arena_fmt(keep, "%.*s; the judge model gave no verdict", STR_ARG(j->reason));
        return;
    }
    j->verdict = j->said == JUDGE_YES ? VERDICT_RIGHT : VERDICT_WRONG;
    j->reason = arena_fmt(keep, "a judge model says %s (%.*s)", judge_said_name(j->said),
                          STR_ARG(j->reason));
}

static bool asks(const struct judging *j, const struct grade_in *in, struct chat *question,
                 struct arena *keep)
{
    if (j->verdict != VERDICT_UNDECIDED || !j->was_compared || !judge_question_may(in))
        return false;
    struct judge_question q = {.problem = judge_question_problem(in),
                               .gold = j->gold,
                               .answer = j->taken.text,
                               .thinking = true};
    return judge_question_make(&q, question, keep);
}

static bool judge(const struct grade_in *in, enum grade_next *next, struct grade *out,
                  struct chat *question, struct arena *keep, struct arena tmp, struct err *e)
{
    struct judging j = {0};
    struct str why;
    TRY(math_gold(in->key, in->definition, &j.gold, keep, e));
    TRY(equal_policy_read(json_get(in->definition, "policies"), &j.policy, e));
    TRY(read_reach(in->definition, &j.reach, e));
    bool is_list = equal_gold_is_list(j.gold, tmp);
    j.taken = extract_answer(in->reply, is_list ? EXTRACT_LIST : EXTRACT_ONE, j.reach, keep, tmp);
    decide(&j, keep, tmp);
    if (j.verdict == VERDICT_UNDECIDED &&
        !equal_gold_is_sound(j.gold, &j.policy, &why, keep, tmp) && j.was_compared &&
        json_get(in->definition, "judge") == NULL)
        j.reason = arena_fmt(keep, "%.*s (the item's own answer cannot be decided: %.*s)",
                             STR_ARG(j.reason), STR_ARG(why));
    if (asks(&j, in, question, keep)) {
        *next = GRADE_ASK;
        return true;
    }
    hear(&j, in, keep);
    *out = (struct grade){.verdict = j.verdict,
                          .score = j.verdict == VERDICT_RIGHT ? 1 : 0,
                          .answer = arena_str(keep, clipped(j.taken.text)),
                          .reason = j.reason,
                          .evidence = evidence(&j, keep)};
    *next = GRADE_DONE;
    return true;
}

const struct grader grader_math = {.name = "math", .version = MATH_VERSION, .judge = judge};
