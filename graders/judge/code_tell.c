#include "graders/judge/code_tell.h"

#include "base/hash.h"

static void put_difference(struct json_out *w, const struct code_row *row)
{
    json_pair_i64(w, "diff_piece", row->d.i_piece);
    json_pair_i64(w, "diff_offset", row->d.offset);
    json_pair_str(w, "got", row->d.got);
}

static bool has_ended_well(const struct code_row *row)
{
    return row->r.end == SANDBOX_EXITED && row->r.code == 0;
}

static void put_test(struct json_out *w, const struct code_test *test, const struct code_row *row)
{
    json_open(w, '{');
    if (test->name.n > 0)
        json_pair_str(w, "name", test->name);
    json_pair_str(w, "verdict", str_of(outcome_name(row->outcome)));
    json_pair_i64(w, "cpu_ms", (row->r.cpu_us + 500) / 1000);
    json_pair_i64(w, "wall_ms", (row->r.wall_us + 500) / 1000);
    if (row->timed.was_rerun) {
        json_pair_f64(w, "first_cpu_ms", (double)row->timed.cpu_first_us / 1000);
        json_pair_f64(w, "first_wall_ms", (double)row->timed.wall_first_us / 1000);
    }
    json_pair_i64(w, "memory_kib", row->r.memory_kib);
    if (row->outcome == OUTCOME_PC)
        json_pair_f64(w, "score", row->score);
    if (!has_ended_well(row))
        json_pair_str(w, "end", str_of(sandbox_end_name(row->r.end)));
    if (row->r.signal != 0)
        json_pair_i64(w, "signal", row->r.signal);
    if (row->r.code != 0)
        json_pair_i64(w, "code", row->r.code);
    if (row->d.i_piece > 0)
        put_difference(w, row);
    if (row->got.n > 0)
        json_pair_str(w, "got", row->got);
    if (row->message.n > 0)
        json_pair_str(w, "message", row->message);
    if (row->outcome != OUTCOME_AC && row->stderr_head.n > 0)
        json_pair_str(w, "stderr", row->stderr_head);
    json_close(w, '}');
}

static void put_box(struct json_out *w, const struct bench *b)
{
    struct str isolation;
    struct str why_not;
    sandbox_isolation(b->box, &isolation, &why_not);
    json_pair_str(w, "isolation", isolation);
    if (why_not.n > 0)
        json_pair_str(w, "why_not_namespaces", why_not);
}

static void put_hashes(struct json_out *w, const struct code_task *t, struct str source)
{
    char hex[65];
    struct hash h = hash_bytes(source);
    hash_hex(&h, hex);
    json_pair_str(w, "source_sha256", str_of(hex));
    json_pair_str(w, "tests_sha256", str_of(t->tests_sha256));
    if (t->protocol != CHECKER_NONE)
        json_pair_str(w, "checker_sha256", str_of(t->checker_sha256));
}

struct str code_tell(const struct grader_env *env, const struct bench *b, const struct code_task *t,
                     const struct program *p, const struct program *checker, struct str source,
                     const struct code_row *rows, struct arena *keep)
{
    struct json_out w = {0};
    json_open(&w, '{');
    json_pair_str(&w, "language", str_of(language_name(p->language)));
    json_pair_str(&w, "compiler", p->tool);
    if (checker != NULL)
        json_pair_str(&w, "checker_compiler", checker->tool);
    put_hashes(&w, t, source);
    put_box(&w, b);
    json_pair_i64(&w, "time_ms", t->limits.cpu_ms);
    json_pair_i64(&w, "memory_kib", t->limits.memory_kib);
    if (env->time_scale > 0)
        json_pair_f64(&w, "time_scale", env->time_scale);
    if (env->machine != NULL) {
        json_put_key(&w, "machine");
        json_put_raw(&w, str_of(env->machine));
    }
    if (rows == NULL) {
        json_pair_str(&w, "verdict", STR("CE"));
        json_pair_str(&w, "messages", p->messages);
    } else {
        json_pair_str(&w, "accounting", rows[0].r.accounting);
        json_put_key(&w, "tests");
        json_open(&w, '[');
        for (int64_t i = 0; i < t->n_tests; i++)
            put_test(&w, &t->tests[i], &rows[i]);
        json_close(&w, ']');
    }
    json_close(&w, '}');
    struct str text = arena_str(keep, buf_str(&w.text));
    json_out_free(&w);
    return text;
}
