/* suites: what there is to run. */
#include <stdio.h>

#include "base/limits.h"
#include "datasets/suite.h"
#include "harness/command.h"

enum { SHOWN_ITEMS = 3 };

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
    json_close(w, '}');
}

static bool list(bool is_json, struct arena *keep, struct arena tmp, struct err *e)
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

static void print_suite(const struct suite *s)
{
    (void)printf("%.*s, version %.*s\n\n", STR_ARG(s->name), STR_ARG(s->version));
    (void)printf("  items     %lld\n", (long long)s->n_items);
    (void)printf("  grader    %.*s\n", STR_ARG(s->grader));
    (void)printf("  sampling  %lld samples, temperature %g, top_p %g, at most %lld tokens, %s\n",
                 (long long)s->n_samples, s->temperature, s->top_p, (long long)s->n_out_max,
                 s->thinking ? "thinking" : "chat");
    (void)printf("  source    %.*s\n", STR_ARG(s->source));
    (void)printf("  sha256    %s\n", s->sha256);
    (void)printf("  identity  %s\n", s->identity);
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

bool command_suites(struct cli *c, int *rc, struct err *e)
{
    bool is_json = false;
    const struct cli_option options[] = {
        OPTION_FLAG("json", &is_json, "as JSON"),
    };
    c->synopsis = "[SUITE] [--json]";
    c->summary =
        "Lists the suites that ship with podium, or shows one (by name, or a definition file\n"
        "by path) with a few of its items.";
    c->example = "podium suites\npodium suites arith";
    CLI_TABLE(c, options);
    c->n_arguments_max = 1;
    TRY(cli_read(c, e));
    if (c->is_help)
        return true;
    CLEANUP(arena_fini) struct arena keep = {0};
    CLEANUP(arena_fini) struct arena tmp = {0};
    arena_init(&keep, "suites", LIMIT_ARENA_RUN);
    arena_init(&tmp, "suites, tmp", LIMIT_ARENA_TMP);
    *rc = EXIT_DONE;
    if (c->n_arguments == 0)
        return list(is_json, &keep, tmp, e);
    return show(c->arguments[0], is_json, &keep, tmp, e);
}
