#include <stdio.h>

#include "harness/report/report.h"

static void put_estimate(struct json_out *w, const char *key, struct estimate x)
{
    json_put_key(w, key);
    json_open(w, '{');
    json_pair_f64(w, "mean", x.mean); /* what cannot be estimated is null */
    json_pair_f64(w, "se", x.se);
    json_pair_i64(w, "items", x.n);
    json_close(w, '}');
}

static void put_scores(struct json_out *w, const struct scores *s)
{
    put_estimate(w, "score", s->truncated_wrong);
    put_estimate(w, "score_without_truncated", s->truncated_out);
}

static void put_tally(struct json_out *w, const struct tally *t)
{
    json_put_key(w, "outcomes");
    json_open(w, '{');
    json_pair_i64(w, "replies", t->n_replies);
    json_pair_i64(w, "right", t->right);
    json_pair_i64(w, "wrong", t->wrong);
    json_pair_i64(w, "part", t->part);
    json_pair_i64(w, "no_answer", t->no_answer);
    json_pair_i64(w, "undecided", t->undecided);
    json_pair_i64(w, "by_model", t->by_model);
    json_pair_i64(w, "truncated", t->truncated);
    json_pair_i64(w, "malformed", t->malformed);
    json_pair_i64(w, "ungraded", t->ungraded);
    json_pair_i64(w, "waiting", t->waiting);
    json_close(w, '}');
}

static void put_run(struct json_out *w, const struct run_row *r)
{
    char seed[24];
    (void)snprintf(seed, sizeof seed, "%llu", (unsigned long long)r->seed);
    json_pair_str(w, "suite", r->suite);
    json_pair_str(w, "suite_version", r->suite_version);
    json_pair_str(w, "suite_sha256", r->suite_sha256);
    json_pair_str(w, "suite_identity", r->suite_identity);
    json_pair_str(w, "model", r->model);
    json_pair_str(w, "model_dir", r->model_dir);
    json_pair_str(w, "strategy", r->strategy);
    json_pair_bool(w, "thinking", r->thinking);
    json_pair_i64(w, "items", r->n_items);
    json_pair_i64(w, "void_items", r->n_void);
    json_pair_i64(w, "samples", r->n_samples);
    json_put_key(w, "seed");
    json_put_raw(w, str_of(seed));
    json_pair_f64(w, "temperature", r->temperature);
    json_pair_f64(w, "top_p", r->top_p);
    json_pair_i64(w, "max_tokens", r->n_out_max);
    json_pair_str(w, "podium", r->podium);
    json_pair_i64(w, "created_ms", r->created_ms);
}

static void put_passes(struct json_out *w, const struct summary *s)
{
    json_put_key(w, "pass_at");
    json_open(w, '[');
    for (int64_t i = 0; i < s->n_pass_at; i++) {
        json_open(w, '{');
        json_pair_i64(w, "k", s->pass_at[i].k);
        put_estimate(w, "value", s->pass_at[i].value);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void put_kinds(struct json_out *w, const struct summary *s)
{
    json_put_key(w, "kinds");
    json_open(w, '[');
    for (int64_t i = 0; i < s->n_kinds; i++) {
        json_open(w, '{');
        json_pair_str(w, "kind", s->kinds[i].name);
        json_pair_i64(w, "items", s->kinds[i].n_items);
        put_scores(w, &s->kinds[i].scores);
        put_tally(w, &s->kinds[i].tally);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void put_amount(struct json_out *w, const char *key, int64_t total, int64_t n)
{
    json_put_key(w, key);
    json_open(w, '{');
    json_pair_i64(w, "total", total);
    json_put_key(w, "mean");
    if (n > 0)
        json_put_f64(w, (double)total / (double)n);
    else
        json_put_null(w);
    json_close(w, '}');
}

/* Verdicts that a model gave, and what it was asked. */
static void put_judge(struct json_out *w, const struct summary *s)
{
    json_put_key(w, "judge");
    json_open(w, '{');
    json_pair_i64(w, "verdicts", s->tally.by_model);
    json_pair_i64(w, "undecided", s->tally.asked);
    json_pair_i64(w, "questions", s->judgements.n);
    json_pair_i64(w, "prompt_tokens", s->judgements.n_prompt_tokens);
    json_pair_i64(w, "tokens", s->judgements.n_out_tokens);
    json_close(w, '}');
}

static void put_tokens(struct json_out *w, const struct summary *s)
{
    json_put_key(w, "tokens");
    json_open(w, '{');
    put_amount(w, "prompt", s->n_prompt_tokens, s->tally.n_replies);
    put_amount(w, "thinking", s->n_thinking_tokens, s->tally.n_replies);
    put_amount(w, "answer", s->n_answer_tokens, s->tally.n_replies);
    json_close(w, '}');
}

void report_json(const struct summary *s, struct json_out *w)
{
    json_open(w, '{');
    put_run(w, &s->run);
    json_pair_str(w, "grader", s->graders);
    json_pair_i64(w, "replies_asked", s->n_asked);
    json_pair_bool(w, "is_whole", summary_is_whole(s));
    put_scores(w, &s->scores);
    put_passes(w, s);
    put_tally(w, &s->tally);
    put_kinds(w, s);
    put_judge(w, s);
    put_tokens(w, s);
    json_pair_f64(w, "tokens_per_s", summary_tokens_per_s(s));
    json_pair_f64(w, "wall_s", (double)s->time.wall_ms / 1000);
    json_pair_f64(w, "model_s", (double)s->time.model_ms / 1000);
    json_close(w, '}');
}
