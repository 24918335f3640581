#include "graders/judge/checker.h"

#include <assert.h>
#include <math.h>

#include "base/limits.h"
#include "base/utf8.h"

enum { MESSAGE_BYTES = 400, KATTIS_ACCEPT = 42, KATTIS_REJECT = 43 };
#define FEEDBACK_BYTES  (64 * LIMIT_KIB)
#define NEXT_PASS_BYTES (64 * LIMIT_MIB)

/* --- messages ------------------------------------------------------------------------------- */

/* Would move the cursor, end the line or turn the text around. */
static bool is_unprintable(uint32_t c)
{
    bool is_control = c < 0x20 || (c >= 0x7f && c < 0xa0);
    bool is_break = c == 0x2028 || c == 0x2029;
    bool is_direction = (c >= 0x200e && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
                        (c >= 0x2066 && c <= 0x2069) || c == 0x061c;
    return is_control || is_break || is_direction || c == 0xfeff;
}

struct str checker_printable(struct str text, struct arena *keep)
{
    char *out = NEW(keep, char, MESSAGE_BYTES + 8);
    int64_t n = 0;
    bool is_space = true; /* none in front */
    int length = 0;
    for (int64_t i = 0; i < text.n && n < MESSAGE_BYTES; i += length) {
        uint32_t c = 0xfffd;
        length = utf8_decode(text, i, &c);
        c = length == 0 ? 0xfffd : c;
        length = length == 0 ? 1 : length;
        bool was_space = is_space;
        is_space = c == ' ' || is_unprintable(c);
        if (!is_space)
            n += utf8_encode(c, out + n);
        else if (!was_space)
            out[n++] = ' ';
    }
    n -= n > 0 && out[n - 1] == ' ';
    return (struct str){out, n};
}

/* A finite number as programs print them, of any length. */
static bool read_number(struct str text, double *out)
{
    struct str bare = str_starts(text, STR("+")) ? str_sub(text, 1, text.n) : text;
    return str_f64_any(bare, out) && isfinite(*out);
}

static struct str first_line(struct str text)
{
    struct str line = {0};
    (void)str_split(&text, '\n', &line);
    return str_trim(line);
}

/* A failure with the checker's own words behind it. */
static bool blame(struct err *e, const char *what, struct str words, struct arena *keep)
{
    struct str shown = checker_printable(words, keep);
    return FAIL(e, ERR_INPUT, "the checker %s%s%.*s", what, shown.n > 0 ? ": " : "",
                STR_ARG(str_sub(shown, 0, 120)));
}

static bool has_exited(const struct sandbox_result *r, struct arena *keep, struct err *e)
{
    if (r->end == SANDBOX_EXITED)
        return true;
    if (r->end == SANDBOX_SIGNALLED) {
        struct str what = arena_fmt(keep, "died of signal %lld", (long long)r->signal);
        return blame(e, what.at, r->err, keep);
    }
    if (r->end == SANDBOX_STOPPED)
        return blame(e, "was stopped before it had decided", r->err, keep);
    if (r->end == SANDBOX_FILTERED)
        return blame(e, "was killed by the filter", r->err, keep);
    struct str what = arena_fmt(keep, "was stopped at its %s limit", sandbox_end_name(r->end));
    return blame(e, what.at, r->err, keep);
}

static bool wrong_code(const struct sandbox_result *r, const char *wanted, struct arena *keep,
                       struct err *e)
{
    struct str what = arena_fmt(keep, "exited with code %lld, not %s", (long long)r->code, wanted);
    return blame(e, what.at, r->err, keep);
}

/* --- Kattis --------------------------------------------------------------------------------- */

enum { TAKE_JUDGE, TAKE_TEAM, TAKE_SCORE, TAKE_MULTIPLIER, TAKE_NEXT, TAKE_COUNT };

static_assert((int)TAKE_COUNT == (int)CHECKER_KATTIS_TAKES,
              "what follows them is told apart by that");

static const struct sandbox_take kattis_takes[TAKE_COUNT] = {
    [TAKE_JUDGE] = {{"feedback/judgemessage.txt", 25}, FEEDBACK_BYTES},
    [TAKE_TEAM] = {{"feedback/teammessage.txt", 24}, FEEDBACK_BYTES},
    [TAKE_SCORE] = {{"feedback/score.txt", 18}, FEEDBACK_BYTES},
    [TAKE_MULTIPLIER] = {{"feedback/score_multiplier.txt", 29}, FEEDBACK_BYTES},
    [TAKE_NEXT] = {{"feedback/nextpass.in", 20}, NEXT_PASS_BYTES},
};

/* The number that a feedback file holds; *has says whether there is such a file. */
static bool read_feedback(const struct sandbox_result *r, int i_take, double min, double max,
                          bool *has, double *out, struct arena *keep, struct err *e)
{
    double v = 0;
    *has = r->taken[i_take].at != NULL;
    if (!*has)
        return true;
    struct str text = str_trim(r->taken[i_take]);
    if (!read_number(text, &v) || v < min || v > max) {
        struct str what =
            arena_fmt(keep, "wrote a %.*s that is no score", STR_ARG(kattis_takes[i_take].name));
        return blame(e, what.at, text, keep);
    }
    *out = v;
    return true;
}

static bool read_kattis_scores(const struct sandbox_result *r, bool may_score, struct check *c,
                               struct arena *keep, struct err *e)
{
    struct str none = {0};
    TRY(read_feedback(r, TAKE_SCORE, -HUGE_VAL, HUGE_VAL, &c->has_score, &c->score, keep, e));
    TRY(read_feedback(r, TAKE_MULTIPLIER, 0, 1, &c->has_multiplier, &c->multiplier, keep, e));
    if (!c->has_score && !c->has_multiplier)
        return true;
    if (c->outcome != OUTCOME_AC)
        return blame(e, "rejected the output and gave it a score", none, keep);
    if (!may_score)
        return blame(e, "gave a score where the task has none", none, keep);
    return (!c->has_score || !c->has_multiplier) ||
           blame(e, "gave both a score and a score_multiplier", none, keep);
}

static bool read_kattis(const struct sandbox_result *r, bool may_score, struct check *out,
                        struct arena *keep, struct err *e)
{
    struct check c = {.outcome = OUTCOME_AC};
    if (r->code != KATTIS_ACCEPT && r->code != KATTIS_REJECT)
        return wrong_code(r, "42 or 43", keep, e);
    c.outcome = r->code == KATTIS_ACCEPT ? OUTCOME_AC : OUTCOME_WA;
    TRY(read_kattis_scores(r, may_score, &c, keep, e));
    c.has_next_pass = r->taken[TAKE_NEXT].at != NULL;
    if (c.has_next_pass && c.outcome != OUTCOME_AC)
        return blame(e, "rejected the output and asked for a next pass", r->err, keep);
    c.next_pass = r->taken[TAKE_NEXT];
    c.message = checker_printable(r->taken[TAKE_JUDGE].n > 0 ? r->taken[TAKE_JUDGE] : r->err, keep);
    c.team_message = checker_printable(r->taken[TAKE_TEAM], keep);
    *out = c;
    return true;
}

/* --- testlib -------------------------------------------------------------------------------- */

/* What testlib says before the message, and the codes that it exits with then. */
enum prefix { SAYS_NOTHING, SAYS_OK, SAYS_WA, SAYS_PE, SAYS_FAIL, SAYS_POINTS, SAYS_PART };

static enum prefix prefix_of(struct str said, struct str *rest)
{
    static const struct {
        const char *word;
        enum prefix prefix;
    } known[] = {{"ok", SAYS_OK},
                 {"wrong answer", SAYS_WA},
                 {"wrong output format", SAYS_PE},
                 {"unexpected eof", SAYS_PE},
                 {"FAIL", SAYS_FAIL},
                 {"points", SAYS_POINTS},
                 {"partially correct (", SAYS_PART}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct str word = str_of(known[i].word);
        *rest = str_sub(said, word.n, said.n);
        bool ends = rest->n == 0 || str_trim(*rest).n == 0 || rest->at[0] == ' ' ||
                    rest->at[0] == '\n' || known[i].prefix == SAYS_PART;
        if (str_starts(said, word) && ends)
            return known[i].prefix;
    }
    *rest = said;
    return SAYS_NOTHING;
}

/* "partially correct (40) ...": the exit code is the same number, or 50 more, which collides with
 * every other code; so the words decide, and the code must agree. */
static bool read_part(const struct sandbox_result *r, struct str rest, struct check *out,
                      struct arena *keep, struct err *e)
{
    int64_t percent = 0;
    struct str number = {0};
    if (str_find(rest, STR(")"), 0) < 0 || !str_split(&rest, ')', &number) ||
        !str_i64(str_trim(number), &percent) || percent < 0 || percent > 100)
        return blame(e, "said partially correct without a percentage", r->err, keep);
    if (r->code != percent && r->code != percent + 50)
        return wrong_code(r, "the percentage it said", keep, e);
    out->outcome = OUTCOME_PC;
    out->has_score = true;
    out->score = (double)percent / 100;
    return true;
}

/* "points 3.5 ..." */
static bool read_points(const struct sandbox_result *r, enum prefix said, struct str rest,
                        struct check *out, struct arena *keep, struct err *e)
{
    struct str number = {0};
    rest = first_line(rest);
    (void)str_split(&rest, ' ', &number);
    if (said != SAYS_POINTS || !read_number(number, &out->score) || out->score < 0)
        return blame(e, "gave points without a number", r->err, keep);
    out->outcome = OUTCOME_PC;
    out->has_score = true;
    return true;
}

/* An interpreter whose program threw exits with 1, which would be a wrong answer. */
static bool looks_like_crash(struct str said)
{
    return str_starts(said, STR("Traceback (most recent call last)")) ||
           str_starts(said, STR("Exception in thread "));
}

/* Codes 0 to 8. A checker that is not made with testlib may exit silently; one that says otherwise
 * than it exits is not believed. */
static bool read_testlib_code(const struct sandbox_result *r, enum prefix said, struct str rest,
                              struct check *c, struct arena *keep, struct err *e)
{
    switch (r->code) {
    case 0:
        c->outcome = OUTCOME_AC;
        if (said != SAYS_OK && said != SAYS_NOTHING)
            return blame(e, "exited as if all were well, but said otherwise", r->err, keep);
        return true;
    case 1:
        c->outcome = OUTCOME_WA;
        if (looks_like_crash(r->err))
            return blame(e, "crashed", r->err, keep);
        return said != SAYS_OK || blame(e, "said ok and exited with code 1", r->err, keep);
    case 2:
    case 4:
    case 8:
        c->outcome = OUTCOME_PE;
        return said != SAYS_OK || blame(e, "said ok and did not exit with 0", r->err, keep);
    case 3:
        return blame(e, "failed", rest, keep);
    case 7:
        return read_points(r, said, rest, c, keep, e);
    default:
        return wrong_code(r, "one of 0 1 2 4 7 8", keep, e);
    }
}

static bool read_testlib(const struct sandbox_result *r, bool may_score, struct check *out,
                         struct arena *keep, struct err *e)
{
    struct check c = {.outcome = OUTCOME_WA};
    struct str rest = {0};
    enum prefix said = prefix_of(r->err, &rest);
    if (said == SAYS_FAIL)
        return blame(e, "failed", rest, keep);
    if (said == SAYS_PART)
        TRY(read_part(r, rest, &c, keep, e));
    else
        TRY(read_testlib_code(r, said, rest, &c, keep, e));
    if (c.has_score && !may_score)
        return blame(e, "gave partial points where the task has none", r->err, keep);
    c.message = checker_printable(r->err, keep);
    *out = c;
    return true;
}

/* --- CMS ------------------------------------------------------------------------------------ */

static bool begins(struct str text, const char *word)
{
    struct str w = str_of(word);
    if (text.n < w.n)
        return false;
    for (int64_t i = 0; i < w.n; i++) {
        char c = text.at[i];
        c = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
        if (c != w.at[i])
            return false;
    }
    return true;
}

/* Stock texts by name. */
static struct str translate(struct str message)
{
    if (str_eq(message, STR("translate:success")))
        return STR("Output is correct");
    if (str_eq(message, STR("translate:partial")))
        return STR("Output is partially correct");
    if (str_eq(message, STR("translate:wrong")))
        return STR("Output isn't correct");
    return message;
}

static bool check_message(struct str message, struct arena *keep, struct err *e)
{
    if (utf8_first_bad(message) >= 0)
        return blame(e, "wrote a message that is not UTF-8", message, keep);
    for (int64_t i = 0; i < message.n; i++)
        if ((message.at[i] >= 0 && message.at[i] < 0x20 && message.at[i] != '\t') ||
            message.at[i] == 0x7f)
            return blame(e, "wrote a control character into its message", message, keep);
    /* the testlib of CMS prints 0 and exits with 0 even then */
    return !begins(message, "judge failure") ||
           blame(e, "failed", str_sub(message, 0, message.n), keep);
}

static bool read_cms_number(const struct sandbox_result *r, enum checker_scores may, double *out,
                            struct arena *keep, struct err *e)
{
    struct str line = first_line(r->out);
    if (line.n == 0)
        return blame(e, "printed no outcome", r->err, keep);
    if (!read_number(line, out))
        return blame(e, "printed an outcome that is no number", line, keep);
    return (*out >= 0 && (*out <= 1 || may == CHECKER_ANY)) ||
           blame(e, "printed an outcome that is not from 0 to 1", line, keep);
}

static bool read_cms(const struct sandbox_result *r, enum checker_scores may, struct check *out,
                     struct arena *keep, struct err *e)
{
    struct check c = {.has_score = true};
    struct str message = first_line(r->err);
    if (r->code != 0)
        return wrong_code(r, "0", keep, e);
    TRY(check_message(message, keep, e));
    TRY(read_cms_number(r, may, &c.score, keep, e));
    bool is_violation =
        begins(message, "protocol violation") || begins(message, "security violation");
    if (is_violation && c.score > 0)
        return blame(e, "gave a score to a violation", message, keep);
    if (c.score > 0 && c.score < 1 && may == CHECKER_ALL_OR_NOTHING)
        return blame(e, "gave a partial score where the task has none", message, keep);
    c.outcome = c.score >= 1 ? OUTCOME_AC : c.score > 0 ? OUTCOME_PC : OUTCOME_WA;
    if (may == CHECKER_ANY && c.score > 0)
        c.outcome = OUTCOME_PC;
    c.outcome = is_violation ? OUTCOME_PV : c.outcome;
    c.score = c.score > 0 ? c.score : 0; /* not "-0" */
    c.message = checker_printable(translate(message), keep);
    *out = c;
    return true;
}

/* --- both ends ------------------------------------------------------------------------------ */

void checker_call(enum checker_protocol protocol, const struct str *flags, int64_t n_flags,
                  struct checker_call *out, struct arena *keep)
{
    static const struct sandbox_file feedback = {.name = {"feedback/", 9}};
    bool is_kattis = protocol == CHECKER_KATTIS;
    bool has_answer_first = protocol == CHECKER_CMS;
    assert(protocol != CHECKER_NONE);
    struct str *args = NEW(keep, struct str, n_flags + 3);
    args[0] = STR("input");
    args[1] = is_kattis || has_answer_first ? STR("answer") : STR("output");
    args[2] = is_kattis ? STR("feedback/") : has_answer_first ? STR("output") : STR("answer");
    for (int64_t i = 0; i < n_flags; i++)
        args[3 + i] = flags[i];
    *out = (struct checker_call){.args = args, .n_args = n_flags + 3, .output_is_stdin = is_kattis};
    if (is_kattis) {
        out->takes = kattis_takes;
        out->n_takes = TAKE_COUNT;
        out->folders = &feedback;
        out->n_folders = 1;
    }
}

bool checker_read(enum checker_protocol protocol, const struct sandbox_result *r,
                  enum checker_scores may, struct check *out, struct arena *keep, struct err *e)
{
    bool may_score = may != CHECKER_ALL_OR_NOTHING;
    assert(protocol != CHECKER_NONE);
    TRY(has_exited(r, keep, e));
    if (protocol == CHECKER_KATTIS)
        return read_kattis(r, may_score, out, keep, e);
    if (protocol == CHECKER_TESTLIB)
        return read_testlib(r, may_score, out, keep, e);
    return read_cms(r, may, out, keep, e);
}
