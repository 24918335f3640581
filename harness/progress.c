#include "harness/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "harness/cli.h"

static const int64_t REDRAW_NS = 100LL * 1000 * 1000;
static const int64_t LINE_NS = 60LL * 1000 * 1000 * 1000;
enum { BAR_CELLS = 20 };

const char *progress_time(double seconds, char out[32])
{
    if (!(seconds >= 0 && seconds < 1e8)) {
        (void)snprintf(out, 32, "-");
        return out;
    }
    int64_t s = (int64_t)(seconds + 0.5);
    if (s >= 3600)
        (void)snprintf(out, 32, "%lld:%02d:%02d", (long long)(s / 3600), (int)(s / 60 % 60),
                       (int)(s % 60));
    else
        (void)snprintf(out, 32, "%d:%02d", (int)(s / 60), (int)(s % 60));
    return out;
}

static double seconds_left(const struct progress *p, double elapsed)
{
    int64_t n_new = p->n_done - p->n_before;
    if (p->n_done == p->n_total)
        return 0;
    return n_new > 0 ? elapsed / (double)n_new * (double)(p->n_total - p->n_done) : -1;
}

static void draw(struct progress *p, int64_t now)
{
    char bar[BAR_CELLS + 1];
    char score[40] = "  score -";
    char left[32];
    char broken[40] = "";
    char speed[40] = "";
    double elapsed = (double)(now - p->started_ns) / 1e9;
    int64_t filled = p->n_total > 0 ? p->n_done * BAR_CELLS / p->n_total : 0;
    for (int i = 0; i < BAR_CELLS; i++)
        bar[i] = i < filled ? '#' : '.';
    bar[BAR_CELLS] = 0;
    if (p->n_scored > 0)
        (void)snprintf(score, sizeof score, "  score %.1f %%",
                       100 * p->score_sum / (double)p->n_scored);
    if (p->has_no_score)
        score[0] = 0;
    if (p->n_ungraded > 0)
        (void)snprintf(broken, sizeof broken, "  ungraded %lld", (long long)p->n_ungraded);
    if (p->n_tokens > 0 && p->model_s > 0)
        (void)snprintf(speed, sizeof speed, "  %.0f tokens/s", (double)p->n_tokens / p->model_s);
    (void)fprintf(stderr, "%s%.*s [%s] %lld/%lld%s%s  left %s%s%s", p->is_terminal ? "\r" : "",
                  STR_ARG(p->name), bar, (long long)p->n_done, (long long)p->n_total, score, speed,
                  progress_time(seconds_left(p, elapsed), left), broken,
                  p->is_terminal ? "\033[K" : "\n");
    (void)fflush(stderr);
    p->shown_ns = now;
}

void progress_begin(struct progress *p, bool is_quiet)
{
    p->is_quiet = is_quiet;
    p->is_terminal = cli_is_terminal(STDERR_FILENO);
    p->started_ns = clock_ns();
    p->shown_ns = p->started_ns;
    if (!is_quiet && p->is_terminal)
        draw(p, p->started_ns);
}

void progress_show(struct progress *p)
{
    int64_t now = clock_ns();
    if (!p->is_quiet && now - p->shown_ns >= (p->is_terminal ? REDRAW_NS : LINE_NS))
        draw(p, now);
}

void progress_end(struct progress *p)
{
    if (p->is_quiet)
        return;
    draw(p, clock_ns());
    if (p->is_terminal)
        (void)fputc('\n', stderr);
}
