#include "engine/trace.h"

#include <stdlib.h>
#include <string.h>

bool trace_log_open(struct trace_log *t, struct forward *f, int64_t n_draws, struct err *e)
{
    const struct model_config *c = &f->m->config;
    int64_t n_mixtures = c->n_layers - c->n_dense_layers;
    t->n_routes = (n_mixtures > 0 ? n_mixtures : 0) * c->n_experts_used;
    t->route = calloc((size_t)(n_draws * t->n_routes) + 1, sizeof *t->route);
    t->kept = calloc((size_t)(n_draws * c->n_vocab), sizeof *t->kept);
    if (t->route == NULL || t->kept == NULL)
        return FAIL(e, ERR_IO, "no memory for a trace");
    return forward_keep_routes(f, e);
}

void trace_log_close(struct trace_log *t)
{
    free(t->route);
    free(t->kept);
    *t = (struct trace_log){0};
}

void trace_log_begin(struct trace_log *t)
{
    t->n_tokens = 0;
    t->n_kept = 0;
}

static void add_routes(struct trace_log *t, const struct forward *f, int64_t row, int32_t *out)
{
    const struct model_config *c = &f->m->config;
    int64_t n_used = f->route.n_used;
    for (int64_t i = 0; i < t->n_routes / n_used; i++) {
        int64_t at = ((c->n_dense_layers + i) * f->n_rows + row) * n_used;
        memcpy(out + i * n_used, f->routes + at, (size_t)n_used * sizeof *out);
    }
}

/* What the cut left has a weight, everything else has none. */
static int64_t add_kept(const double *p, int64_t n_vocab, int32_t *out)
{
    int64_t n = 0;
    for (int64_t i = 0; i < n_vocab; i++) {
        out[n] = (int32_t)i;
        n += p[i] > 0.0;
    }
    return n;
}

void trace_log_add(struct trace_log *t, const struct forward *f, int64_t row,
                   const struct sampling *how, struct sampler_work w, struct engine_event *out)
{
    if (t->route == NULL)
        return;
    int32_t *route = t->route + t->n_tokens++ * t->n_routes;
    int32_t *kept = t->kept + t->n_kept;
    if (t->n_routes > 0)
        add_routes(t, f, row, route);
    out->experts = route;
    out->kept = kept;
    if (how->temperature > 0.0F && how->top_p < 1.0F)
        out->n_kept = add_kept(w.p, f->m->config.n_vocab, kept);
    t->n_kept += out->n_kept;
}
