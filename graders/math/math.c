#include "graders/math/math.h"

#include <assert.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "graders/extract.h"
#include "graders/math/compare.h"

enum { SHOWN_BYTES = 2048 }; /* of an answer in reasons and evidence */

struct outcome {
    enum verdict verdict;
    const char *rule;
    struct value gold;
    struct value answer;
    bool was_read; /* both values are set */
};

/* At most n bytes of s, cut before a character. */
static struct str clipped(struct str s, int64_t n)
{
    if (s.n <= n)
        return s;
    s.n = n;
    s.n -= utf8_open_tail(s);
    return s;
}

/* The same on one line. */
static struct str on_one_line(struct str s, struct arena *keep)
{
    char *at = NEW(keep, char, s.n + 1);
    for (int64_t i = 0; i < s.n; i++)
        at[i] = (unsigned char)s.at[i] < ' ' ? ' ' : s.at[i];
    return (struct str){at, s.n};
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
                    STR_ARG(clipped(gold, 100)));
    return true;
}

static bool find_gold(const struct grade_in *in, struct str *gold, struct arena *keep,
                      struct err *e)
{
    struct str field = STR("answer");
    int64_t whole;
    (void)json_str(json_get(json_get(in->definition, "fields"), "answer"), &field);
    const struct json *j = json_get(in->key, field.at);
    if (json_i64(j, &whole))
        *gold = arena_fmt(keep, "%lld", (long long)whole);
    else if (!json_str(j, gold))
        return FAIL(e, ERR_INPUT, "the item's field \"%.60s\" must be text or a whole number",
                    field.at);
    return check_gold(*gold, e);
}

/* ------------------------------------------------------------------------------- deciding */

static struct outcome decide(struct str gold, struct str answer, struct arena *mem)
{
    static const enum verdict verdicts[] = {
        [SAME] = VERDICT_RIGHT, [DIFFERENT] = VERDICT_WRONG, [UNSURE] = VERDICT_UNDECIDED};
    struct outcome o = {.verdict = VERDICT_UNDECIDED, .rule = "the answer is too long"};
    struct work w = {mem, LIMIT_MATH_STEPS};
    if (answer.n > LIMIT_ANSWER_BYTES)
        return o;
    enum sameness s = answers_compare(gold, answer, &w, &o.gold, &o.answer, &o.rule);
    o.verdict = verdicts[s];
    o.was_read = true;
    return o;
}

bool math_compare(struct str gold, struct str answer, enum verdict *verdict, struct str *why,
                  struct arena *keep, struct arena tmp, struct err *e)
{
    TRY(check_gold(gold, e));
    struct outcome o = decide(gold, answer, &tmp);
    *verdict = o.verdict;
    *why = arena_str(keep, str_of(o.rule));
    return true;
}

/* ------------------------------------------------------------------------------- reporting */

static void put_read(struct json_out *w, const char *key, struct str text, const struct value *v,
                     bool was_read)
{
    struct buf shown = {0};
    json_put_key(w, key);
    json_open(w, '{');
    json_pair_str(w, "text", clipped(text, SHOWN_BYTES));
    if (was_read && v->kind != VALUE_OPAQUE) {
        value_print(v, &shown);
        json_pair_str(w, "read", clipped(buf_str(&shown), SHOWN_BYTES));
    }
    json_close(w, '}');
    buf_free(&shown);
}

static struct str evidence(const struct extract *x, struct str gold, const struct outcome *o,
                           struct arena *keep)
{
    CLEANUP(json_out_free) struct json_out w = {0};
    json_open(&w, '{');
    json_pair_str(&w, "extracted_by", str_of(extract_rule_name(x->rule)));
    json_put_key(&w, "span");
    json_open(&w, '[');
    json_put_i64(&w, x->from);
    json_put_i64(&w, x->to);
    json_close(&w, ']');
    json_pair_i64(&w, "boxes", x->n_boxes);
    json_pair_bool(&w, "boxes_agree", x->do_all_agree);
    put_read(&w, "gold", gold, &o->gold, o->was_read);
    if (x->text.n > 0)
        put_read(&w, "answer", x->text, &o->answer, o->was_read);
    json_pair_str(&w, "decided_by", str_of(o->rule));
    json_close(&w, '}');
    return arena_str(keep, buf_str(&w.text));
}

static struct str reason(const struct outcome *o, struct str gold, struct str answer,
                         struct arena *keep)
{
    enum { N = 120 };
    struct str g = on_one_line(clipped(str_trim(gold), N), keep);
    struct str a = on_one_line(clipped(answer, N), keep);
    switch (o->verdict) {
    case VERDICT_RIGHT:
        return arena_fmt(keep, "%.*s is %.*s (%s)", STR_ARG(a), STR_ARG(g), o->rule);
    case VERDICT_WRONG:
        return arena_fmt(keep, "%.*s is not %.*s (%s)", STR_ARG(a), STR_ARG(g), o->rule);
    case VERDICT_UNDECIDED:
        return arena_fmt(keep, "cannot tell whether %.*s is %.*s (%s)", STR_ARG(a), STR_ARG(g),
                         o->rule);
    default:
        return arena_fmt(keep, "no answer (%s)", o->rule);
    }
}

static struct outcome no_answer(const struct extract *x)
{
    bool is_unclear = x->rule == EXTRACT_UNCLEAR;
    return (struct outcome){.verdict = is_unclear ? VERDICT_UNDECIDED : VERDICT_NO_ANSWER,
                            .rule = x->why};
}

static bool judge(const struct grade_in *in, enum grade_next *next, struct grade *out,
                  struct chat *question, struct arena *keep, struct arena tmp, struct err *e)
{
    struct str gold;
    (void)question; /* never asked by this grader */
    TRY(find_gold(in, &gold, keep, e));
    struct extract x = extract_answer(in->reply, EXTRACT_ONE, EXTRACT_BOXED, keep, tmp);
    struct outcome o = extract_has_text(x.rule) ? decide(gold, x.text, &tmp) : no_answer(&x);
    *out = (struct grade){.verdict = o.verdict,
                          .score = o.verdict == VERDICT_RIGHT ? 1 : 0,
                          .answer = arena_str(keep, clipped(x.text, SHOWN_BYTES)),
                          .reason = reason(&o, gold, x.text, keep),
                          .evidence = evidence(&x, gold, &o, keep)};
    *next = GRADE_DONE;
    return true;
}

const struct grader grader_math = {.name = "math", .version = MATH_VERSION, .judge = judge};
