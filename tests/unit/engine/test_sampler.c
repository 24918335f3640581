/* The draw: a pure function of logits, sampling and position. */
#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "engine/sampler.h"
#include "tests/support/support.h"

enum { V = 200 };

static double work_p[V];
static int32_t work_heap[V];
static struct err e;

static struct sampled draw_of(const float *logits, int64_t n, struct sampling how, int64_t position)
{
    struct sampler_work work = {work_p, work_heap};
    struct sampled s = {-1, 0};
    ASSERT_OK(sampler_draw(logits, n, &how, position, work, &s, &e), e);
    return s;
}

static void random_logits(float *logits, uint64_t seed)
{
    for (uint64_t i = 0; i < V; i++)
        logits[i] = (float)(12 * rng_unit(seed, 5, i) - 6);
}

Test(sampler, temperature_zero_takes_the_largest_and_the_first_of_equals)
{
    float logits[5] = {1, 4, 2, 4, -1};
    struct sampling how = {.temperature = 0, .top_p = 0.3F};
    struct sampled s = draw_of(logits, 5, how, 9);
    cr_assert_eq(s.token, 1);
    double sum = exp(1) + 2 * exp(4) + exp(2) + exp(-1);
    cr_assert_float_eq((double)s.logprob, log(exp(4) / sum), 1e-7);
}

/* The definition, with a full sort by repeated search. */
static int32_t draw_plainly(const float *logits, struct sampling how, int64_t position)
{
    double p[V];
    bool is_kept[V] = {false};
    double sum = 0;
    double held = 0;
    double kept = 0;
    double run = 0;
    float top = logits[0];
    for (int i = 0; i < V; i++)
        top = logits[i] > top ? logits[i] : top;
    for (int i = 0; i < V; i++) {
        p[i] = exp(((double)logits[i] - (double)top) / (double)how.temperature);
        sum += p[i];
    }
    while (held < (double)how.top_p * sum) {
        int best = -1;
        for (int i = 0; i < V; i++)
            if (!is_kept[i] && (best < 0 || p[i] > p[best]))
                best = i;
        if (best < 0)
            break;
        is_kept[best] = true;
        held += p[best];
    }
    for (int i = 0; i < V; i++)
        kept += is_kept[i] ? p[i] : 0;
    double u = rng_unit(how.seed, 0, (uint64_t)position);
    for (int i = 0; i < V; i++) {
        run += is_kept[i] ? p[i] : 0;
        if (is_kept[i] && run > u * kept)
            return i;
    }
    return -1;
}

Test(sampler, every_draw_is_the_definitions)
{
    static const float temperature[] = {0.3F, 1.0F, 2.0F};
    static const float top_p[] = {0.01F, 0.5F, 0.95F, 0.999F, 1.0F};
    uint64_t seed = support_seed(1);
    float logits[V];
    for (int round = 0; round < 300; round++) {
        random_logits(logits, rng_mix(seed, (uint64_t)round));
        if (round % 3 == 0) /* many ties */
            for (int i = 0; i < V; i++)
                logits[i] = floorf(logits[i] / 4);
        struct sampling how = {.temperature = temperature[round % 3],
                               .top_p = top_p[round % 5],
                               .seed = seed + (uint64_t)round};
        for (int64_t position = 0; position < 10; position++)
            cr_assert_eq(draw_of(logits, V, how, position).token,
                         draw_plainly(logits, how, position), "round %d", round);
    }
}

Test(sampler, frequencies_follow_the_probabilities)
{
    enum { N = 40000 };
    float logits[4] = {0, 1, 2, -1};
    int count[4] = {0};
    double sum = 1 + exp(1) + exp(2) + exp(-1);
    struct sampling how = {.temperature = 1, .top_p = 1, .seed = support_seed(2)};
    for (int64_t i = 0; i < N; i++) {
        struct sampled s = draw_of(logits, 4, how, i);
        count[s.token]++;
        cr_assert_float_eq((double)s.logprob, (double)logits[s.token] - log(sum), 1e-6);
    }
    for (int i = 0; i < 4; i++) {
        double p = exp((double)logits[i]) / sum;
        cr_assert_float_eq(count[i], N * p, 5 * sqrt(N * p * (1 - p)), "token %d", i);
    }
}

Test(sampler, logprobs_ignore_temperature_and_nucleus)
{
    float logits[V];
    random_logits(logits, support_seed(3));
    double sum = 0;
    for (int i = 0; i < V; i++)
        sum += exp((double)logits[i]);
    struct sampling how = {.temperature = 0.4F, .top_p = 0.8F, .seed = 4};
    for (int64_t i = 0; i < 50; i++) {
        struct sampled s = draw_of(logits, V, how, i);
        cr_assert_float_eq((double)s.logprob, (double)logits[s.token] - log(sum), 1e-6);
    }
}

Test(sampler, broken_logits_are_an_error_not_a_token)
{
    float logits[3] = {1, NAN, 0};
    struct sampler_work work = {work_p, work_heap};
    struct sampling how = {.temperature = 1, .top_p = 1};
    struct sampled s = {0};
    cr_assert(!sampler_draw(logits, 3, &how, 7, work, &s, &e));
    cr_assert_eq(e.cls, ERR_INPUT);
    cr_assert_not_null(strstr(e.text, "position 6"));
    logits[1] = INFINITY;
    cr_assert(!sampler_draw(logits, 3, &how, 7, work, &s, &e));
    logits[1] = -INFINITY; /* a token that cannot come is fine */
    cr_assert(sampler_draw(logits, 3, &how, 7, work, &s, &e));
}
