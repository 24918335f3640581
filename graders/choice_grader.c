#include "graders/choice_grader.h"

#include <assert.h>

#include "base/utf8.h"
#include "graders/choice.h"

enum { SHOWN_BYTES = 2048 };

struct item {
    struct str options[CHOICE_OPTIONS];
    int64_t n_options; /* 0: the item does not list them */
    int64_t gold;
};

static struct str clipped(struct str s, int64_t n)
{
    if (s.n <= n)
        return s;
    s.n = n;
    s.n -= utf8_open_tail(s);
    return s;
}

static bool read_text(const struct json *j, struct str *out, struct arena *keep)
{
    int64_t whole;
    if (json_i64(j, &whole))
        *out = arena_fmt(keep, "%lld", (long long)whole);
    else if (!json_str(j, out))
        return false;
    return str_trim(*out).n > 0;
}

/* The item's field that plays a part, by the definition's "fields"; NULL: the part is not named. */
static const struct json *field(const struct grade_in *in, const char *part, const char *usual)
{
    const struct json *fields = json_get(in->definition, "fields");
    struct str name = str_of(usual);
    (void)json_str(json_get(fields, part), &name);
    return name.at == NULL ? NULL : json_get(in->key, name.at);
}

static bool read_options(const struct json *j, struct item *it, struct arena *keep, struct err *e)
{
    if (j == NULL)
        return true;
    if (json_kind(j) != JSON_ARRAY)
        return FAIL(e, ERR_INPUT, "the item's options must be a list");
    for (const struct json *o = json_first(j); o != NULL; o = json_next(o)) {
        if (it->n_options == CHOICE_OPTIONS)
            return FAIL(e, ERR_LIMIT, "the item has more than %d options", CHOICE_OPTIONS);
        if (!read_text(o, &it->options[it->n_options], keep))
            return FAIL(e, ERR_INPUT, "option %c of the item must be text or a whole number",
                        (char)('A' + it->n_options));
        it->n_options++;
    }
    if (it->n_options < 2)
        return FAIL(e, ERR_INPUT, "the item has %lld options, which is no choice",
                    (long long)it->n_options);
    return true;
}

static bool read_item(const struct grade_in *in, struct item *it, struct arena *keep, struct err *e)
{
    struct str gold;
    TRY(read_options(field(in, "options", NULL), it, keep, e));
    if (!read_text(field(in, "answer", "answer"), &gold, keep))
        return FAIL(e, ERR_INPUT, "the item's answer must be a letter or the text of an option");
    it->gold = choice_gold(gold, it->n_options > 0 ? it->options : NULL, it->n_options);
    if (it->gold < 0)
        return FAIL(e, ERR_INPUT, "the item's answer is no option: %.*s",
                    STR_ARG(clipped(gold, 100)));
    return true;
}

static struct str evidence(const struct choice *c, struct str taken, char gold, struct arena *keep)
{
    CLEANUP(json_out_free) struct json_out w = {0};
    json_open(&w, '{');
    json_pair_str(&w, "extracted_by", str_of(c->rule));
    json_put_key(&w, "span");
    json_open(&w, '[');
    json_put_i64(&w, c->from);
    json_put_i64(&w, c->to);
    json_close(&w, ']');
    json_pair_str(&w, "taken", clipped(taken, SHOWN_BYTES));
    json_pair_i64(&w, "places", c->n_declared);
    json_pair_str(&w, "gold", (struct str){&gold, 1});
    if (c->letter != 0)
        json_pair_str(&w, "answer", (struct str){&c->letter, 1});
    json_pair_str(&w, "why", str_of(c->why));
    json_close(&w, '}');
    return arena_str(keep, buf_str(&w.text));
}

static enum verdict verdict_of(const struct choice *c, char gold)
{
    switch (c->found) {
    case CHOICE_NONE:
        return VERDICT_NO_ANSWER;
    case CHOICE_ABSTAIN:
        return VERDICT_UNDECIDED;
    case CHOICE_LETTER:
        break;
    }
    assert(c->found == CHOICE_LETTER);
    return c->letter == gold ? VERDICT_RIGHT : VERDICT_WRONG;
}

static bool judge(const struct grade_in *in, enum grade_next *next, struct grade *out,
                  struct chat *question, struct arena *keep, struct arena tmp, struct err *e)
{
    struct item *it = NEW(&tmp, struct item, 1);
    (void)question; /* never asked by this grader */
    TRY(read_item(in, it, keep, e));
    struct choice c =
        choice_extract(in->reply, it->n_options > 0 ? it->options : NULL, it->n_options, keep, tmp);
    char gold = (char)('A' + it->gold);
    struct str taken = str_sub(in->reply, c.from, c.found == CHOICE_NONE ? c.from : c.to);
    *out = (struct grade){.verdict = verdict_of(&c, gold),
                          .answer = arena_str(keep, (struct str){&c.letter, c.letter != 0}),
                          .evidence = evidence(&c, taken, gold, keep)};
    out->score = out->verdict == VERDICT_RIGHT ? 1 : 0;
    if (c.found == CHOICE_LETTER)
        out->reason = arena_fmt(keep, "%c %s %c (%s)", c.letter, c.letter == gold ? "is" : "is not",
                                gold, c.why);
    else
        out->reason =
            arena_fmt(keep, "%s (%s)", c.found == CHOICE_NONE ? "no answer" : "cannot tell", c.why);
    *next = GRADE_DONE;
    return true;
}

const struct grader grader_choice = {.name = "choice", .version = CHOICE_VERSION, .judge = judge};
