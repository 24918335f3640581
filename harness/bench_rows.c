#include "harness/bench_rows.h"

#include <fnmatch.h>
#include <stdio.h>

enum { NAME_WIDTH = 46 };

void bench_table_begin(struct bench_table *t, const char *only, bool as_json)
{
    *t = (struct bench_table){.only = only, .as_json = as_json};
    json_open(&t->json, '[');
}

void bench_table_end(struct bench_table *t)
{
    json_out_free(&t->json);
}

bool bench_table_wants(const struct bench_table *t, const char *name)
{
    return t->only == NULL || str_find(str_of(name), str_of(t->only), 0) >= 0 ||
           fnmatch(t->only, name, 0) == 0;
}

void bench_table_head(struct bench_table *t, const char *title)
{
    t->title = title;
}

static void print_head(struct bench_table *t)
{
    (void)printf("%s%-*s %7s %11s %11s %-8s %7s %7s %11s\n", t->n_rows > 0 ? "\n" : "", NAME_WIDTH,
                 t->title, "threads", "time", "rate", "", "of most", "spread", "CPU s/token");
    t->title = NULL;
}

/* Three significant digits and a unit that fits. */
static const char *show_seconds(double s, char out[24])
{
    const char *unit = s < 1e-3 ? "us" : s < 1 ? "ms" : "s";
    double v = s < 1e-3 ? s * 1e6 : s < 1 ? s * 1e3 : s;
    (void)snprintf(out, 24, "%.*f %s", v < 10 ? 2 : v < 100 ? 1 : 0, v, unit);
    return out;
}

static double fraction(const struct bench_row *r)
{
    return r->floor_s > 0 ? r->floor_s / r->time.seconds : 0;
}

static void print_row(const struct bench_row *r)
{
    char time[24];
    char most[16] = "";
    char cpu[24] = "";
    double rate = r->work / r->time.seconds;
    if (r->floor_s > 0)
        (void)snprintf(most, sizeof most, "%.0f %%", 100 * fraction(r));
    if (r->n_tokens > 0)
        (void)snprintf(cpu, sizeof cpu, "%.6f", r->time.cpu_s / r->n_tokens);
    (void)printf("%-*s %7d %11s %11.*f %-8s %7s %5.0f %% %11s%s%s%s%s\n", NAME_WIDTH, r->name,
                 r->n_threads, show_seconds(r->time.seconds, time), rate < 100 ? 2 : 0, rate,
                 r->unit, most, 100 * r->time.spread, cpu, r->bound != NULL ? "  " : "",
                 r->bound != NULL ? r->bound : "", r->note[0] != 0 ? "  " : "", r->note);
}

static void put_row(struct json_out *w, const struct bench_row *r)
{
    json_pair_f64(w, "seconds", r->time.seconds);
    json_pair_f64(w, "wall_seconds", r->time.wall_s);
    json_pair_f64(w, "cpu_seconds", r->time.cpu_s);
    json_pair_f64(w, "spread", r->time.spread);
    json_pair_i64(w, "repeats", r->time.n_repeats);
    json_pair_i64(w, "steps", r->time.n_steps);
    json_pair_f64(w, "rate", r->work / r->time.seconds);
    json_pair_str(w, "unit", str_of(r->unit));
    if (r->gflop > 0)
        json_pair_f64(w, "gflop_per_s", r->gflop / r->time.seconds);
    if (r->gbytes > 0)
        json_pair_f64(w, "gb_per_s", r->gbytes / r->time.seconds);
    if (r->floor_s > 0) {
        json_pair_f64(w, "floor_seconds", r->floor_s);
        json_pair_f64(w, "fraction", fraction(r));
        json_pair_str(w, "bound", str_of(r->bound));
    }
    if (r->n_tokens > 0)
        json_pair_f64(w, "cpu_seconds_per_token", r->time.cpu_s / r->n_tokens);
}

void bench_table_put(struct bench_table *t, const struct bench_row *r)
{
    if (!t->as_json && t->title != NULL)
        print_head(t);
    t->n_rows++;
    if (!t->as_json) {
        if (r->skipped != NULL)
            (void)printf("%-*s %7d  skipped: %s\n", NAME_WIDTH, r->name, r->n_threads, r->skipped);
        else
            print_row(r);
        (void)fflush(stdout);
        return;
    }
    json_open(&t->json, '{');
    json_pair_str(&t->json, "name", str_of(r->name));
    json_pair_i64(&t->json, "threads", r->n_threads);
    if (r->skipped != NULL)
        json_pair_str(&t->json, "skipped", str_of(r->skipped));
    else
        put_row(&t->json, r);
    if (r->note[0] != 0)
        json_pair_str(&t->json, "note", str_of(r->note));
    json_close(&t->json, '}');
}
