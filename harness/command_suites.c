/* suites: what there is to run. */
#include <stdio.h>

#include "base/limits.h"
#include "datasets/suite.h"
#include "harness/audit.h"
#include "harness/command.h"

enum { SHOWN_ITEMS = 3 };

static void put_errata(struct json_out *w, const struct suite *s)
{
    CLEANUP(buf_free) struct buf answer = {0};
    json_put_key(w, "errata");
    json_open(w, '[');
    for (int64_t i = 0; i < s->errata.n; i++) {
        const struct erratum *x = &s->errata.at[i];
        json_open(w, '{');
        json_pair_str(w, "item", x->id);
        json_pair_bool(w, "void", x->answer == NULL);
        if (x->answer != NULL) {
            buf_clear(&answer);
            json_print(x->answer, &answer);
            json_put_key(w, "was");
            json_put_raw(w, x->was);
            json_put_key(w, "answer");
            json_put_raw(w, buf_str(&answer));
        }
        json_pair_str(w, "reason", x->reason);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void put_suite(struct json_out *w, const struct suite *s)
{
    json_open(w, '{');
    json_pair_str(w, "name", s->name);
    json_pair_str(w, "version", s->version);
    json_pair_i64(w, "items", s->n_items);
    json_pair_str(w, "grader", s->grader);
    json_pair_i64(w, "samples", s->n_samples);
    json_pair_f64(w, "temperature", s->temperature);
    json_pair_f64(w, "top_p", s->top_p);
    json_pair_i64(w, "max_tokens", s->n_out_max);
    json_pair_bool(w, "thinking", s->thinking);
    json_pair_str(w, "source", s->source);
    json_pair_str(w, "sha256", str_of(s->sha256));
    json_pair_str(w, "identity", str_of(s->identity));
    json_pair_i64(w, "void_items", s->n_void);
    json_pair_str(w, "judge", s->has_judge ? STR("model") : STR("none"));
    put_errata(w, s);
    json_close(w, '}');
}

static bool list_suites(bool is_json, struct arena *keep, struct arena tmp, struct err *e)
{
    CLEANUP(json_out_free) struct json_out w = {0};
    json_open(&w, '[');
    if (!is_json)
        (void)printf("%-12s %-8s %6s %8s  %-8s %s\n", "suite", "version", "items", "samples",
                     "grader", "sha256");
    for (int64_t i = 0; suite_embedded_name(i) != NULL; i++) {
        CLEANUP(suite_close) struct suite s = {0};
        TRY(suite_open(&s, suite_embedded_name(i), keep, tmp, e));
        put_suite(&w, &s);
        if (!is_json)
            (void)printf("%-12.*s %-8.*s %6lld %8lld  %-8.*s %s\n", STR_ARG(s.name),
                         STR_ARG(s.version), (long long)s.n_items, (long long)s.n_samples,
                         STR_ARG(s.grader), s.sha256);
    }
    json_close(&w, ']');
    if (is_json)
        (void)printf("%.*s\n", STR_ARG(buf_str(&w.text)));
    return true;
}

static void print_indented(struct str text)
{
    struct str line;
    while (str_split(&text, '\n', &line))
        (void)printf("    %.*s\n", STR_ARG(line));
}

static void print_errata(const struct suite *s)
{
    CLEANUP(buf_free) struct buf answer = {0};
    if (s->errata.n == 0)
        return;
    (void)printf("  errata    version %.*s: %lld golds replaced, %lld items void\n",
                 STR_ARG(s->errata.version), (long long)(s->errata.n - s->n_void),
                 (long long)s->n_void);
    for (int64_t i = 0; i < s->errata.n; i++) {
        const struct erratum *x = &s->errata.at[i];
        buf_clear(&answer);
        if (x->answer != NULL)
            json_print(x->answer, &answer);
        (void)printf("            %.*s: ", STR_ARG(x->id));
        if (x->answer == NULL)
            (void)printf("void");
        else
            (void)printf("%.*s, was %.*s", STR_ARG(buf_str(&answer)), STR_ARG(x->was));
        (void)printf(" (%.*s)\n", STR_ARG(x->reason));
    }
}

static void print_suite(const struct suite *s)
{
    (void)printf("%.*s, version %.*s\n\n", STR_ARG(s->name), STR_ARG(s->version));
    (void)printf("  items     %lld\n", (long long)s->n_items);
    (void)printf("  grader    %.*s%s\n", STR_ARG(s->grader),
                 s->has_judge ? ", then a model where it cannot decide" : "");
    (void)printf("  sampling  %lld samples, temperature %g, top_p %g, at most %lld tokens, %s\n",
                 (long long)s->n_samples, s->temperature, s->top_p, (long long)s->n_out_max,
                 s->thinking ? "thinking" : "chat");
    (void)printf("  source    %.*s\n", STR_ARG(s->source));
    (void)printf("  sha256    %s\n", s->sha256);
    (void)printf("  identity  %s\n", s->identity);
    print_errata(s);
    /* spread over the suite, so that different kinds show */
    for (int64_t i = 0; i < SHOWN_ITEMS && i < s->n_items; i++) {
        const struct item *item = &s->items[i * s->n_items / SHOWN_ITEMS];
        (void)printf("\n  item %.*s (%.*s)\n", STR_ARG(item->id), STR_ARG(item->kind));
        print_indented(item->prompt);
    }
}

static bool show(const char *name, bool is_json, struct arena *keep, struct arena tmp,
                 struct err *e)
{
    CLEANUP(suite_close) struct suite s = {0};
    TRY(suite_open(&s, name, keep, tmp, e));
    if (!is_json) {
        print_suite(&s);
        return true;
    }
    CLEANUP(json_out_free) struct json_out w = {0};
    put_suite(&w, &s);
    (void)printf("%.*s\n", STR_ARG(buf_str(&w.text)));
    return true;
}

static bool audit(const char *name, const char *const *runs, int64_t n_runs, bool is_json, int *rc,
                  struct arena *keep, struct arena tmp, struct err *e)
{
    CLEANUP(suite_close) struct suite s = {0};
    CLEANUP(buf_free) struct buf page = {0};
    CLEANUP(json_out_free) struct json_out w = {0};
    struct audit a;
    TRY(suite_open(&s, name, keep, tmp, e));
    TRY(audit_suite(&s, runs, n_runs, &a, keep, tmp, e));
    audit_json(&a, &w);
    audit_show(&a, &page);
    if (is_json)
        (void)printf("%.*s\n", STR_ARG(buf_str(&w.text)));
    else
        (void)fwrite(page.at, 1, (size_t)page.n, stdout);
    *rc = a.n_flags > a.n_notes ? EXIT_FAILED : EXIT_DONE;
    return true;
}

/* --runs a.db b.db: the shell's stars make words of their own. */
static int64_t all_runs(const struct cli *c, const struct cli_list *list,
                        const char *out[CLI_LIST_MAX + CLI_ARGUMENTS])
{
    int64_t n = 0;
    for (int64_t i = 0; i < list->n; i++)
        out[n++] = list->at[i];
    for (int64_t i = 1; i < c->n_arguments; i++)
        out[n++] = c->arguments[i];
    return n;
}

static bool check_arguments(const struct cli *c, bool is_audit, const struct cli_list *runs,
                            struct err *e)
{
    if (is_audit && c->n_arguments == 0)
        return FAIL(e, ERR_USAGE, "suites: --audit needs the SUITE");
    if (!is_audit && (c->n_arguments > 1 || runs->n > 0))
        return FAIL(e, ERR_USAGE, "suites: stored runs are for --audit");
    return true;
}

bool command_suites(struct cli *c, int *rc, struct err *e)
{
    bool is_json = false;
    bool is_audit = false;
    struct cli_list list = {0};
    const char *runs[CLI_LIST_MAX + CLI_ARGUMENTS];
    const struct cli_option options[] = {
        OPTION_FLAG("audit", &is_audit, "read every gold, and say which to look at"),
        OPTION_LIST("runs", "RUN.db", &list, "with --audit: stored runs that may disagree"),
        OPTION_FLAG("json", &is_json, "as JSON"),
    };
    c->synopsis = "[SUITE] [--audit [--runs RUN.db ...]] [--json]";
    c->summary =
        "Lists the suites that ship with podium, or shows one (by name, or a definition file\n"
        "by path) with a few of its items and its errata (NAME.errata.json beside NAME.json).\n"
        "With --audit it reads every gold and flags those that are not understood, do not\n"
        "equal themselves, look like spreadsheet damage, or that a majority of the samples of\n"
        "stored runs speak against with one other answer; what is only written unlike the\n"
        "others is a note. Exit code 1 when there are flags.";
    c->example = "podium suites\npodium suites arith\npodium suites --audit my.json --runs my*.db";
    CLI_TABLE(c, options);
    c->n_arguments_max = CLI_ARGUMENTS;
    TRY(cli_read(c, e));
    if (c->is_help)
        return true;
    TRY(check_arguments(c, is_audit, &list, e));
    CLEANUP(arena_fini) struct arena keep = {0};
    CLEANUP(arena_fini) struct arena tmp = {0};
    arena_init(&keep, "suites", LIMIT_ARENA_RUN);
    arena_init(&tmp, "suites, tmp", LIMIT_ARENA_TMP);
    *rc = EXIT_DONE;
    if (c->n_arguments == 0)
        return list_suites(is_json, &keep, tmp, e);
    if (is_audit)
        return audit(c->arguments[0], runs, all_runs(c, &list, runs), is_json, rc, &keep, tmp, e);
    return show(c->arguments[0], is_json, &keep, tmp, e);
}
