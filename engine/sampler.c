#include "engine/sampler.h"

#include <assert.h>
#include <math.h>

#include "base/rng.h"

static int32_t argmax(const float *v, int64_t n)
{
    int64_t best = 0;
    for (int64_t i = 1; i < n; i++)
        if (v[i] > v[best])
            best = i;
    return (int32_t)best;
}

/* p[i] = e^((logit - top) / temperature), and their sum. */
static double weigh(const float *logits, int64_t n, float top, float temperature, double *p)
{
    double sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        p[i] = exp(((double)logits[i] - (double)top) / (double)temperature);
        sum += p[i];
    }
    return sum;
}

/* Likelier first; of equals the lower id. */
static bool is_before(const double *p, int32_t a, int32_t b)
{
    return p[a] > p[b] || (a < b && p[a] == p[b]);
}

static void sift_down(const double *p, int32_t *heap, int64_t n, int64_t i)
{
    for (int64_t child = 2 * i + 1; child < n; child = 2 * i + 1) {
        if (child + 1 < n && is_before(p, heap[child + 1], heap[child]))
            child++;
        if (!is_before(p, heap[child], heap[i]))
            return;
        int32_t t = heap[i];
        heap[i] = heap[child];
        heap[child] = t;
        i = child;
    }
}

/* Zeroes what falls outside the nucleus; the mass that is left, summed in ascending id.
 *
 * Tokens below (1 - top_p) * sum / n cannot be in it: together they weigh less than 1 - top_p.
 * The rest goes into a heap, and only the nucleus itself is ever put in order. */
static double cut(double *p, int64_t n, double sum, float top_p, int32_t *heap)
{
    double least = (1.0 - (double)top_p) * sum / (double)n;
    int64_t n_heap = 0;
    for (int64_t i = 0; i < n; i++)
        if (p[i] >= least)
            heap[n_heap++] = (int32_t)i;
    for (int64_t i = n_heap / 2 - 1; i >= 0; i--)
        sift_down(p, heap, n_heap, i);
    double held = 0.0;
    double p_last = 0.0;
    int32_t last = 0;
    while (n_heap > 0 && held < (double)top_p * sum) {
        last = heap[0];
        p_last = p[last];
        held += p_last;
        heap[0] = heap[--n_heap];
        sift_down(p, heap, n_heap, 0);
    }
    double kept = 0.0;
    for (int64_t i = 0; i < n; i++) {
        bool is_kept = p[i] > p_last || (i <= last && p[i] == p_last);
        p[i] = is_kept ? p[i] : 0.0;
        kept += p[i];
    }
    return kept;
}

/* The kept token in which the running sum passes u * mass. */
static int32_t walk(const double *p, int64_t n, double mass, double u)
{
    double run = 0.0;
    int64_t last = 0;
    for (int64_t i = 0; i < n; i++) {
        if (p[i] <= 0.0)
            continue;
        run += p[i];
        last = i;
        if (run > u * mass)
            break;
    }
    return (int32_t)last;
}

bool sampler_draw(const float *logits, int64_t n_vocab, const struct sampling *how,
                  int64_t position, struct sampler_work work, struct sampled *out, struct err *e)
{
    assert(n_vocab > 0);
    assert(how->top_p > 0.0F && how->top_p <= 1.0F);
    int32_t token = argmax(logits, n_vocab);
    float top = logits[token];
    double sum = weigh(logits, n_vocab, top, 1.0F, work.p);
    if (!isfinite(sum) || !isfinite(top))
        return FAIL(e, ERR_INPUT, "the model's logits at position %lld are not numbers",
                    (long long)position - 1);
    if (how->temperature > 0.0F) {
        double mass = sum;
        if (how->temperature != 1.0F)
            mass = weigh(logits, n_vocab, top, how->temperature, work.p);
        if (how->top_p < 1.0F)
            mass = cut(work.p, n_vocab, mass, how->top_p, work.heap);
        token = walk(work.p, n_vocab, mass, rng_unit(how->seed, 0, (uint64_t)position));
    }
    out->token = token;
    out->logprob = (float)((double)logits[token] - (double)top - log(sum));
    return true;
}
