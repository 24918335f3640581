/* Mixture of experts: choose experts for each token, then run each expert once over its tokens.
 *
 * The experts op has three passes. Inner: a task is (expert, band of its inner rows), for all of
 * its tokens. Round: activations for an FP8 down projection. Down: a task is a band of output
 * rows; it walks the experts in ascending order and adds to y, so a token's sum is ordered by
 * expert number, whoever else is in the batch, and no two tasks write the same number. */
#include <stdlib.h>

#include "kernels/cpu/cpu.h"
#include "kernels/cpu/scalar.h"

/* Pairs (token, expert) sorted by expert, then token. */
struct cpu_moe {
    int64_t n_pairs;   /* capacity */
    int64_t n_experts; /* capacity */
    int64_t n_inner;   /* capacity */
    int32_t *first;    /* [n_experts + 1] where an expert's pairs begin */
    int32_t *used;     /* [n_experts] experts with any pair */
    int64_t n_used;
    int32_t *token; /* [n_pairs] */
    float *weight;  /* [n_pairs] */
    float *inner;   /* [n_pairs][n_inner] */
};

int64_t cpu_moe_scratch(const struct kernel_limits *most)
{
    return 2 * cpu_linear_scratch(most) +
           (int64_t)sizeof(float) * 2 * CPU_TOKENS * cpu_weight_rows(1);
}

void cpu_moe_close(struct cpu *c)
{
    struct cpu_moe *m = c->moe;
    if (m == NULL)
        return;
    free(m->first);
    free(m->used);
    free(m->token);
    free(m->weight);
    cpu_release(&c->base, m->inner);
    free(m);
    c->moe = NULL;
}

bool cpu_moe_open(struct cpu *c, const struct kernel_limits *most, struct err *e)
{
    struct cpu_moe *m = calloc(1, sizeof *m);
    if (m == NULL)
        return FAIL(e, ERR_IO, "no memory for the experts");
    c->moe = m;
    m->n_pairs = most->n_rows * most->n_used;
    m->n_experts = most->n_experts;
    m->n_inner = most->n_inner;
    m->first = calloc((size_t)m->n_experts + 1, sizeof *m->first);
    m->used = calloc((size_t)m->n_experts, sizeof *m->used);
    m->token = calloc((size_t)m->n_pairs, sizeof *m->token);
    m->weight = calloc((size_t)m->n_pairs, sizeof *m->weight);
    if (m->first == NULL || m->used == NULL || m->token == NULL || m->weight == NULL)
        return FAIL(e, ERR_IO, "no memory for the experts"); /* close_cpu frees the rest */
    void *inner = NULL;
    TRY(cpu_alloc(&c->base, m->n_pairs * m->n_inner * (int64_t)sizeof(float), &inner, e));
    m->inner = inner;
    return true;
}

/* -- choice ----------------------------------------------------------------------------------- */

struct route_job {
    const struct kroute *out;
    struct kmat logits;
    const float *bias;
    const struct kroute_rule *rule;
};

/* Index of the largest free value, the lowest of equals; -1 when none is free. */
static int64_t best_free(const float *v, const bool *is_taken, int64_t n)
{
    int64_t best = -1;
    for (int64_t i = 0; i < n; i++)
        if (!is_taken[i] && (best < 0 || v[i] > v[best]))
            best = i;
    return best;
}

/* Closes every expert whose group is not among the best. */
static void limit_groups(const float *choice, bool *is_closed, const struct kroute_rule *rule)
{
    float score[ROUTE_EXPERTS_MAX] = {0};
    bool is_kept[ROUTE_EXPERTS_MAX] = {false};
    assert(rule->n_groups >= 1 && rule->n_experts % rule->n_groups == 0);
    int64_t size = rule->n_experts / rule->n_groups;
    assert(size >= 1);
    for (int64_t g = 0; g < rule->n_groups; g++) {
        bool is_taken[ROUTE_EXPERTS_MAX] = {false};
        const float *v = choice + g * size;
        int64_t first = best_free(v, is_taken, size);
        is_taken[first] = true;
        int64_t second = best_free(v, is_taken, size);
        score[g] = v[first] + (second < 0 ? 0.0F : v[second]);
    }
    for (int64_t i = 0; i < rule->n_groups_used; i++)
        is_kept[best_free(score, is_kept, rule->n_groups)] = true;
    for (int64_t i = 0; i < rule->n_experts; i++)
        is_closed[i] = !is_kept[i / size];
}

/* The weights of the chosen: their share of the sum, in order of choice, times the scale. */
static void write_route(const struct kroute *out, int64_t t, const float *s, const bool *is_chosen,
                        float sum, const struct kroute_rule *rule)
{
    int64_t n = 0;
    for (int64_t i = 0; i < rule->n_experts; i++)
        if (is_chosen[i]) {
            float w = rule->is_normed ? s[i] / (sum + 1e-20F) : s[i];
            out->expert[t * out->n_used + n] = (int32_t)i;
            out->weight[t * out->n_used + n++] = w * rule->scale;
        }
    assert(n == out->n_used);
}

static void route_row(void *ctx, int64_t t, int thread)
{
    (void)thread;
    const struct route_job *j = ctx;
    const float *logit = j->logits.at + t * j->logits.stride;
    float s[ROUTE_EXPERTS_MAX] = {0};
    float choice[ROUTE_EXPERTS_MAX] = {0};
    bool is_closed[ROUTE_EXPERTS_MAX] = {false};
    bool is_chosen[ROUTE_EXPERTS_MAX] = {false};
    for (int64_t i = 0; i < j->rule->n_experts; i++) {
        s[i] = scalar_sigmoid(logit[i]);
        choice[i] = s[i] + j->bias[i];
    }
    if (j->rule->n_groups > 1)
        limit_groups(choice, is_closed, j->rule);
    float sum = 0.0F;
    for (int64_t i = 0; i < j->out->n_used; i++) {
        int64_t best = best_free(choice, is_closed, j->rule->n_experts);
        is_closed[best] = true;
        is_chosen[best] = true;
        sum += s[best];
    }
    write_route(j->out, t, s, is_chosen, sum, j->rule);
}

bool cpu_route(struct kernels *k, const struct kroute *out, struct kmat logits, const float *bias,
               const struct kroute_rule *rule, int64_t T, struct err *e)
{
    if (rule->n_experts > ROUTE_EXPERTS_MAX)
        return FAIL(e, ERR_UNSUPPORTED, "%lld experts; this build holds %d",
                    (long long)rule->n_experts, ROUTE_EXPERTS_MAX);
    assert(rule->n_experts >= 1 && out->n_used >= 1);
    struct route_job j = {out, logits, bias, rule};
    cpu_run(cpu_of(k), T, 32 * rule->n_experts, route_row, &j);
    return true;
}

/* -- the experts themselves -------------------------------------------------------------------- */

struct experts_job {
    struct cpu *cpu;
    struct kmat y;
    struct kmat x;
    const struct kmlp *experts;
    int64_t n_inner;
    int64_t band;
    int64_t n_bands;
};

/* Counting sort of the pairs by expert; tokens stay in ascending order. */
static void sort_pairs(struct cpu_moe *m, const struct kroute *route, int64_t n_experts, int64_t T)
{
    int64_t n_pairs = T * route->n_used;
    assert(n_pairs <= m->n_pairs && n_experts <= m->n_experts);
    for (int64_t i = 0; i <= n_experts; i++)
        m->first[i] = 0;
    for (int64_t i = 0; i < n_pairs; i++)
        m->first[route->expert[i] + 1]++;
    m->n_used = 0;
    for (int64_t i = 0; i < n_experts; i++) {
        if (m->first[i + 1] > 0)
            m->used[m->n_used++] = (int32_t)i;
        m->first[i + 1] += m->first[i];
    }
    for (int64_t i = 0; i < n_pairs; i++) {
        int32_t at = m->first[route->expert[i]]++;
        m->token[at] = (int32_t)(i / route->n_used);
        m->weight[at] = route->weight[i];
    }
    for (int64_t i = n_experts; i > 0; i--)
        m->first[i] = m->first[i - 1];
    m->first[0] = 0;
}

/* What another task will read first. */
static struct cpu_ahead inner_after(const struct experts_job *j, int64_t task)
{
    const struct cpu_moe *m = j->cpu->moe;
    if (task >= m->n_used * j->n_bands)
        return (struct cpu_ahead){0};
    const struct kmlp *w = &j->experts[m->used[task / j->n_bands]];
    return cpu_ahead_of(&w->gate, task % j->n_bands * j->band, j->band);
}

static void inner_band(void *ctx, int64_t task, int thread)
{
    const struct experts_job *j = ctx;
    const struct cpu_moe *m = j->cpu->moe;
    int32_t expert = m->used[task / j->n_bands];
    const struct kmlp *w = &j->experts[expert];
    int64_t row = task % j->n_bands * j->band;
    int64_t n = j->n_inner - row < j->band ? j->n_inner - row : j->band;
    int64_t room = cpu_weight_room(n, w->gate.n_in);
    int64_t part = CPU_TOKENS * n;
    float *at = cpu_scratch(j->cpu, thread, (2 * room + 2 * part) * (int64_t)sizeof(float));
    int64_t n_tokens = m->first[expert + 1] - m->first[expert];
    struct cpu_band gate = cpu_band_of(j->cpu, &w->gate, row, n, n_tokens, at);
    struct cpu_band up = cpu_band_of(j->cpu, &w->up, row, n, n_tokens, at + room);
    struct cpu_ahead next = inner_after(j, task + j->cpu->n_threads);
    float *g = at + 2 * room;
    float *u = g + part;
    for (int64_t p0 = m->first[expert]; p0 < m->first[expert + 1]; p0 += CPU_TOKENS) {
        int64_t n_left = m->first[expert + 1] - p0;
        int64_t n_here = n_left < CPU_TOKENS ? n_left : CPU_TOKENS;
        float *to_g[CPU_TOKENS];
        float *to_u[CPU_TOKENS];
        const float *x[CPU_TOKENS];
        for (int64_t p = 0; p < n_here; p++) {
            x[p] = j->x.at + m->token[p0 + p] * j->x.stride;
            to_g[p] = g + p * n;
            to_u[p] = u + p * n;
        }
        cpu_band_times(j->cpu, &gate, to_g, x, n_here, &next);
        cpu_band_times(j->cpu, &up, to_u, x, n_here, &next);
        for (int64_t p = 0; p < n_here; p++)
            j->cpu->isa->swiglu(m->inner + (p0 + p) * j->n_inner + row, to_g[p], to_u[p], n);
    }
}

static void round_pair(void *ctx, int64_t pair, int thread)
{
    (void)thread;
    const struct experts_job *j = ctx;
    float *row = j->cpu->moe->inner + pair * j->n_inner;
    cpu_quant_row(row, row, j->n_inner, KERNEL_BLOCK);
}

/* Adds the i-th used expert's part of n output rows to its tokens. */
static void down_expert(const struct experts_job *j, int64_t i_used, int64_t row, int64_t n,
                        float *room, float *product)
{
    const struct cpu_moe *m = j->cpu->moe;
    int32_t expert = m->used[i_used];
    struct cpu_ahead next = {0};
    if (i_used + 1 < m->n_used)
        next = cpu_ahead_of(&j->experts[m->used[i_used + 1]].down, row, n);
    int64_t n_tokens = m->first[expert + 1] - m->first[expert];
    struct cpu_band w = cpu_band_of(j->cpu, &j->experts[expert].down, row, n, n_tokens, room);
    for (int64_t p0 = m->first[expert]; p0 < m->first[expert + 1]; p0 += CPU_TOKENS) {
        int64_t n_left = m->first[expert + 1] - p0;
        int64_t n_here = n_left < CPU_TOKENS ? n_left : CPU_TOKENS;
        float *to[CPU_TOKENS];
        const float *x[CPU_TOKENS];
        for (int64_t p = 0; p < n_here; p++) {
            x[p] = m->inner + (p0 + p) * j->n_inner;
            to[p] = product + p * n;
        }
        cpu_band_times(j->cpu, &w, to, x, n_here, &next);
        for (int64_t p = 0; p < n_here; p++) {
            float *y = j->y.at + m->token[p0 + p] * j->y.stride + row;
            for (int64_t i = 0; i < n; i++)
                y[i] += m->weight[p0 + p] * to[p][i];
        }
    }
}

static void down_band(void *ctx, int64_t task, int thread)
{
    const struct experts_job *j = ctx;
    const struct cpu_moe *m = j->cpu->moe;
    int64_t n_out = j->experts[0].down.n_out;
    int64_t row = task * j->band;
    int64_t n = n_out - row < j->band ? n_out - row : j->band;
    int64_t room = cpu_weight_room(n, j->n_inner);
    float *at = cpu_scratch(j->cpu, thread, (room + CPU_TOKENS * n) * (int64_t)sizeof(float));
    for (int64_t i = 0; i < m->n_used; i++)
        down_expert(j, i, row, n, at, at + room);
}

bool cpu_experts(struct kernels *k, struct kmat y, struct kmat x, const struct kroute *route,
                 const struct kmlp *experts, int64_t n_experts, bool is_quant, int64_t T,
                 struct err *e)
{
    (void)e;
    struct cpu *c = cpu_of(k);
    assert(c->moe != NULL);
    int64_t H = experts[0].gate.n_in;
    int64_t n_inner = experts[0].gate.n_out;
    assert(n_inner <= c->moe->n_inner);
    sort_pairs(c->moe, route, n_experts, T);
    int64_t n_pairs = T * route->n_used;
    int64_t n_each = n_pairs / (c->moe->n_used > 0 ? c->moe->n_used : 1);
    int64_t band = cpu_weight_band(c, n_inner * c->moe->n_used, H, n_each);
    struct experts_job j = {c, y, x, experts, n_inner, band, (n_inner + band - 1) / band};
    cpu_run(c, c->moe->n_used * j.n_bands, 2 * band * H, inner_band, &j);
    if (is_quant && experts[0].down.dtype == DTYPE_F8_E4M3)
        cpu_run(c, n_pairs, 4 * n_inner, round_pair, &j);
    j.band = cpu_weight_band(c, H, n_inner, n_each);
    j.n_bands = (H + j.band - 1) / j.band;
    cpu_run(c, j.n_bands, j.band * n_inner * n_pairs, down_band, &j);
    return true;
}
