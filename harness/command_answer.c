/* answer: one final answer against one gold, or a stream of them. */
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "harness/answers.h"
#include "harness/command.h"

struct options {
    const char *gold;
    const char *pred;
    const char *response;
    struct cli_list options;
    int64_t n_options;
    bool is_json, is_jsonl;
    int kind, extraction, units, percent, rounding;
    bool has_kind, has_extraction;
    int64_t rounding_digits, jobs;
    bool list_order, interval_inequality, rename;
};

static struct equal_policy policy_of(const struct options *o)
{
    struct equal_policy p = {.rounding_digits = (int32_t)o->rounding_digits,
                             .lists_ordered = o->list_order,
                             .intervals_strict = !o->interval_inequality,
                             .may_rename = o->rename};
    p.units = o->units == 1 ? UNITS_STRICT : o->units == 2 ? UNITS_IGNORE : UNITS_OPTIONAL;
    p.percent = o->percent == 1 ? PERCENT_LOOSE : PERCENT_EXACT;
    p.rounding = o->rounding == 1   ? ROUNDING_NONE
                 : o->rounding == 2 ? ROUNDING_PRED
                                    : ROUNDING_GOLD;
    return p;
}

static enum extract_reach reach_of(const struct options *o)
{
    static const enum extract_reach reaches[] = {EXTRACT_BOXED, EXTRACT_DECLARED, EXTRACT_ANY};
    return o->has_extraction ? reaches[o->extraction] : EXTRACT_DECLARED;
}

static enum answer_kind kind_of(const struct options *o)
{
    bool has_options = o->options.n > 0 || o->n_options > 0;
    bool is_choice = o->has_kind ? o->kind == 1 : has_options;
    return is_choice ? ANSWER_CHOICE : ANSWER_MATH;
}

/* ---- one ---- */

static bool read_response(const char *path, struct str *out, struct arena *keep, struct err *e)
{
    CLEANUP(buf_free) struct buf text = {0};
    if (strcmp(path, "-") == 0) {
        TRY(file_read_fd(STDIN_FILENO, "standard input", LIMIT_REPLY_BYTES, &text, e));
        *out = arena_str(keep, buf_str(&text));
        return true;
    }
    TRY(file_read(path, out, keep, e));
    return out->n <= LIMIT_REPLY_BYTES ||
           FAIL(e, ERR_LIMIT, "%s: more than %lld bytes", path, (long long)LIMIT_REPLY_BYTES);
}

static bool make_ask(const struct options *o, struct answer_ask *a, struct arena *keep,
                     struct err *e)
{
    struct str *texts = NEW(keep, struct str, o->options.n + 1);
    for (int64_t i = 0; i < o->options.n; i++)
        texts[i] = str_of(o->options.at[i]);
    *a = (struct answer_ask){.kind = kind_of(o),
                             .gold = str_of(o->gold),
                             .text = str_of(o->pred),
                             .is_response = o->response != NULL,
                             .reach = reach_of(o),
                             .policy = policy_of(o),
                             .options = o->options.n > 0 ? texts : NULL,
                             .n_options = o->options.n > 0 ? o->options.n : o->n_options};
    return o->response == NULL || read_response(o->response, &a->text, keep, e);
}

static void print(const struct answer_ask *a, const struct answer_said *s, bool is_json)
{
    CLEANUP(buf_free) struct buf text = {0};
    CLEANUP(json_out_free) struct json_out w = {0};
    if (!is_json) {
        answer_show(a, s, 0, &text);
        (void)fwrite(text.at, 1, (size_t)text.n, stdout);
        return;
    }
    json_open(&w, '{');
    answer_json(s, &w);
    answer_json_details(a, s, &w);
    json_close(&w, '}');
    (void)printf("%.*s\n", STR_ARG(buf_str(&w.text)));
}

static bool answer_one(const struct options *o, int *rc, struct arena *keep, struct arena tmp,
                       struct err *e)
{
    static const int codes[] = {[ANSWER_EQUAL] = EXIT_DONE,
                                [ANSWER_DIFFERENT] = EXIT_FAILED,
                                [ANSWER_NONE] = EXIT_FAILED,
                                [ANSWER_UNDECIDED] = EXIT_UNDECIDED};
    struct answer_ask a;
    struct answer_said s;
    TRY(make_ask(o, &a, keep, e));
    TRY(answer_decide(&a, &s, keep, tmp, e));
    print(&a, &s, o->is_json);
    *rc = codes[s.verdict];
    return true;
}

/* 1 is "different": what could not even be looked at ends with 3. */
static bool answer_single(const struct options *o, int *rc, struct err *e)
{
    CLEANUP(arena_fini) struct arena keep = {0};
    CLEANUP(arena_fini) struct arena tmp = {0};
    arena_init(&keep, "answer", LIMIT_ARENA_ITEM);
    arena_init(&tmp, "answer, tmp", LIMIT_ARENA_TMP);
    if (answer_one(o, rc, &keep, tmp, e))
        return true;
    if (e->cls == ERR_USAGE)
        return false;
    (void)fprintf(stderr, "podium: answer: %s\n", e->text);
    *rc = EXIT_UNGRADED;
    return true;
}

/* ---- many ---- */

static int64_t n_processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > LIMIT_THREADS ? LIMIT_THREADS : n;
}

static bool answer_stream(const struct options *o, int *rc, struct err *e)
{
    struct answer_defaults d = {.kind = kind_of(o), .reach = reach_of(o), .policy = policy_of(o)};
    struct answers_result r = {0};
    int64_t n = o->jobs > 0 ? o->jobs : n_processors();
    TRY(answers_run(STDIN_FILENO, n, &d, &r, e));
    if (r.n_errors > 0)
        (void)fprintf(stderr, "podium: answer: %lld of %lld lines could not be read\n",
                      (long long)r.n_errors, (long long)r.n_lines);
    *rc = r.n_errors > 0 ? EXIT_UNGRADED : EXIT_DONE;
    return true;
}

/* ---- the command ---- */

static bool check_options(const struct options *o, struct err *e)
{
    bool has_one = o->gold != NULL || o->pred != NULL || o->response != NULL;
    bool has_options = o->options.n > 0 || o->n_options > 0;
    if (o->is_jsonl && (has_one || has_options || o->is_json))
        return FAIL(e, ERR_USAGE, "answer: --jsonl takes gold, answer and options from its input");
    if (o->is_jsonl)
        return true;
    if (o->gold == NULL)
        return FAIL(e, ERR_USAGE, "answer: --gold G must be given, or --jsonl");
    if ((o->pred != NULL) == (o->response != NULL))
        return FAIL(e, ERR_USAGE, "answer: either --pred P or --response FILE must be given");
    if (has_options && o->has_kind && o->kind == 0)
        return FAIL(e, ERR_USAGE, "answer: options are for --kind choice");
    return o->options.n <= CHOICE_OPTIONS ||
           FAIL(e, ERR_USAGE, "answer: more than %d options", CHOICE_OPTIONS);
}

bool command_answer(struct cli *c, int *rc, struct err *e)
{
    struct options o = {.interval_inequality = true};
    const struct cli_option options[] = {
        OPTION_TEXT("gold", "G", &o.gold, "the right answer: LaTeX, plain text or Unicode"),
        OPTION_TEXT("pred", "P", &o.pred, "the answer to be judged"),
        OPTION_TEXT("response", "FILE|-", &o.response, "a whole reply: the answer is looked for"),
        OPTION_FLAG("json", &o.is_json, "as one JSON object"),
        OPTION_FLAG("jsonl", &o.is_jsonl, "one JSON object a line, from standard input"),
        OPTION_I64("jobs", &o.jobs, 1, LIMIT_THREADS, "of --jsonl (default: processors)",
                   .env = true),
        OPTION_WORD("kind", "math|choice", &o.kind, "what an answer is (default math)",
                    .is_given = &o.has_kind),
        OPTION_LIST("options", "TEXT", &o.options, "an option's text; one for each, in order"),
        OPTION_I64("n-options", &o.n_options, 1, CHOICE_OPTIONS, "how many, without their texts"),
        OPTION_WORD("extraction", "boxed|declared|any", &o.extraction,
                    "how far to look in a reply (default declared)", .is_given = &o.has_extraction),
        OPTION_WORD("units", "optional|strict|ignore", &o.units, "default optional"),
        OPTION_WORD("percent", "exact|loose", &o.percent, "28% is 0.28, or also 28"),
        OPTION_WORD("rounding", "gold|none|pred", &o.rounding, "whose digits count (default gold)"),
        OPTION_I64("rounding-digits", &o.rounding_digits, 1, 1000,
                   "that --rounding pred asks for (default 6)"),
        OPTION_FLAG("list-order", &o.list_order, "the order of a bare list counts"),
        OPTION_SWITCH("interval-inequality", &o.interval_inequality,
                      "1 < x < 2 is (1, 2) (default on)"),
        OPTION_FLAG("rename", &o.rename, "variables may be renamed one to one"),
    };
    c->synopsis = "--gold G (--pred P | --response FILE|-) [--json] | --jsonl [--jobs N]";
    c->summary =
        "Says whether a final answer is the right one, and how surely: proved (E2, D2),\n"
        "probable with a stated error (E1), of another shape (D1), by a policy (P), or\n"
        "undecided (U). With --response the answer is found first, and where is told.\n"
        "With --jsonl each line {\"gold\", \"pred\"} or {\"gold\", \"response\"}, and if wanted\n"
        "\"id\", \"kind\", \"options\", \"policies\", becomes one line {\"verdict\", \"level\",\n"
        "\"extracted\", \"span\", \"why\"}, in order, at once; span counts bytes. A line that\n"
        "makes no sense becomes {\"error\", \"line\"}.\n"
        "Exit codes: 0 equal, 1 different or no answer, 2 usage, 3 could not be read,\n"
        "4 undecided; of --jsonl 0, or 3 when a line could not be read.";
    c->example = "podium answer --gold '\\frac{1}{2}' --pred 0.5\n"
                 "podium answer --gold '{1, 2}' --response reply.txt --json\n"
                 "podium answer --gold B --kind choice --response - < reply.txt\n"
                 "podium answer --jsonl --jobs 2 < pairs.jsonl > verdicts.jsonl";
    CLI_TABLE(c, options);
    TRY(cli_read(c, e));
    if (c->is_help)
        return true;
    TRY(check_options(&o, e));
    return o.is_jsonl ? answer_stream(&o, rc, e) : answer_single(&o, rc, e);
}
