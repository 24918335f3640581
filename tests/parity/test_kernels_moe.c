/* Routing and experts against plain loops in double. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/support.h"
#include "tests/support/tensor.h"

enum { T = 23, E = 16, GROUPS = 4, KEPT = 2, USED = 3, H = 140, INNER = 150 };

static struct kernels *k;
static struct err e;
static uint64_t seed;

static void open_machine(void)
{
    struct kernel_limits most = {.n_rows = T,
                                 .n_in = 150,
                                 .n_selected = 1,
                                 .n_cached = 1,
                                 .n_heads = 1,
                                 .n_experts = E,
                                 .n_used = USED,
                                 .n_inner = INNER};
    seed = support_seed(12);
    ASSERT_OK(kernels_cpu_open(&k, 2, NULL, &e), e);
    ASSERT_OK(k->ops->reserve(k, &most, &e), e);
}

static void close_machine(void)
{
    kernels_close(k);
}

TestSuite(kernels_moe, .init = open_machine, .fini = close_machine);

/* Marks the n largest of m numbers, the lower index of equals first. */
static void mark_best(const double *v, bool *is_best, int m, int n)
{
    for (int i = 0; i < m; i++) {
        int n_before = 0;
        for (int j = 0; j < m; j++)
            n_before += v[j] > v[i] || (v[j] == v[i] && j < i);
        is_best[i] = n_before < n;
    }
}

static double two_largest(const double *v, int n)
{
    double a = -1e9;
    double b = -1e9;
    for (int i = 0; i < n; i++) {
        b = v[i] > a ? a : fmax(b, v[i]);
        a = fmax(a, v[i]);
    }
    return a + b;
}

/* weight[E] of one token, 0 for those not chosen. */
static void route_plainly(const float *logit, const float *bias, bool is_normed, double *weight)
{
    double s[E];
    double choice[E];
    double group[GROUPS];
    bool is_kept[GROUPS];
    bool is_chosen[E];
    double sum = 0;
    for (int i = 0; i < E; i++) {
        s[i] = 1 / (1 + exp(-(double)logit[i]));
        choice[i] = s[i] + (double)bias[i];
    }
    for (int g = 0; g < GROUPS; g++)
        group[g] = two_largest(choice + g * (E / GROUPS), E / GROUPS);
    mark_best(group, is_kept, GROUPS, KEPT);
    for (int i = 0; i < E; i++)
        choice[i] = is_kept[i / (E / GROUPS)] ? choice[i] : -1e9;
    mark_best(choice, is_chosen, E, USED);
    for (int i = 0; i < E; i++)
        sum += is_chosen[i] ? s[i] : 0;
    for (int i = 0; i < E; i++)
        weight[i] = is_chosen[i] ? s[i] / (is_normed ? sum : 1) * 2.5 : 0;
}

static int32_t expert[T * USED];
static float weight[T * USED];
static const struct kroute route = {expert, weight, USED};

static void run_route(const float *logits, const float *bias, bool is_normed)
{
    struct kroute_rule rule = {E, GROUPS, KEPT, is_normed, 2.5F};
    float *copy = calloc(T * E, sizeof *copy);
    memcpy(copy, logits, T * E * sizeof *copy);
    ASSERT_OK(k->ops->route(k, &route, (struct kmat){copy, E}, bias, &rule, T, &e), e);
    free(copy);
}

static void expect_route(const float *logits, const float *bias, bool is_normed)
{
    run_route(logits, bias, is_normed);
    for (int t = 0; t < T; t++) {
        double want[E];
        int n = 0;
        route_plainly(logits + t * E, bias, is_normed, want);
        for (int i = 0; i < E; i++) {
            if (want[i] <= 0)
                continue;
            cr_assert_eq(expert[t * USED + n], i, "token %d", t);
            cr_assert_float_eq((double)weight[t * USED + n], want[i], 1e-6);
            n++;
        }
        cr_assert_eq(n, USED);
    }
}

Test(kernels_moe, route_limits_groups_and_weighs_without_the_bias)
{
    float *logits = tensor_random(T * E, 3, seed, 1);
    float *bias = tensor_random(E, 0.5, seed, 2);
    expect_route(logits, bias, true);
    expect_route(logits, bias, false);
    free(logits);
    free(bias);
}

Test(kernels_moe, route_gives_ties_to_the_lower_index)
{
    float logits[T * E] = {0};
    float bias[E] = {0};
    expect_route(logits, bias, true);
    cr_assert_eq(expert[0], 0);
    cr_assert_eq(expert[1], 1);
    cr_assert_eq(expert[2], 2);
    for (int i = 0; i < E; i++)
        bias[i] = i >= 8 ? 1.0F : 0.0F;
    expect_route(logits, bias, true);
    cr_assert_eq(expert[0], 8);
}

static double mlp_at(const struct kmlp *w, const double *x, double *inner, int out)
{
    double y = 0;
    for (int i = 0; i < INNER && out == 0; i++) {
        double g = 0;
        double u = 0;
        for (int j = 0; j < H; j++) {
            g += tensor_at(&w->gate, i, j) * x[j];
            u += tensor_at(&w->up, i, j) * x[j];
        }
        inner[i] = g / (1 + exp(-g)) * u;
    }
    for (int i = 0; i < INNER; i++)
        y += tensor_at(&w->down, out, i) * inner[i];
    return y;
}

static struct kmlp mlp[E];

static void make_experts(enum dtype dtype)
{
    for (int i = 0; i < E; i++) {
        mlp[i].gate = tensor_weight(dtype, INNER, H, seed + 3 * (uint64_t)i);
        mlp[i].up = tensor_weight(dtype, INNER, H, seed + 3 * (uint64_t)i + 1);
        mlp[i].down = tensor_weight(dtype, H, INNER, seed + 3 * (uint64_t)i + 2);
    }
}

static void free_experts(void)
{
    for (int i = 0; i < E; i++) {
        tensor_free_weight(&mlp[i].gate);
        tensor_free_weight(&mlp[i].up);
        tensor_free_weight(&mlp[i].down);
    }
}

static void expect_experts(enum dtype dtype)
{
    make_experts(dtype);
    float *logits = tensor_random(T * E, 3, seed, 1);
    float *bias = tensor_random(E, 0.5, seed, 2);
    float *x = tensor_random(T * H, 0.1, seed, 3);
    float *y = tensor_random(T * H, 1, seed, 4);
    double *want = calloc(T * H, sizeof *want);
    run_route(logits, bias, true);
    for (int t = 0; t < T; t++) {
        double row[H];
        double inner[INNER];
        for (int i = 0; i < H; i++) {
            row[i] = (double)x[t * H + i];
            want[t * H + i] = (double)y[t * H + i];
        }
        for (int u = 0; u < USED; u++)
            for (int i = 0; i < H; i++)
                want[t * H + i] += (double)weight[t * USED + u] *
                                   mlp_at(&mlp[expert[t * USED + u]], row, inner, i);
    }
    struct kmat to = {y, H};
    ASSERT_OK(k->ops->experts(k, to, (struct kmat){x, H}, &route, mlp, E, false, T, &e), e);
    tensor_expect_close(y, want, T * H, 3e-6, "experts");
    free_experts();
    free(logits);
    free(bias);
    free(x);
    free(y);
    free(want);
}

Test(kernels_moe, experts_add_their_weighted_share)
{
    expect_experts(DTYPE_F32);
    expect_experts(DTYPE_BF16);
    expect_experts(DTYPE_F8_E4M3);
    expect_experts(DTYPE_Q8);
}

Test(kernels_moe, a_token_gets_the_same_bits_alone_and_in_a_batch)
{
    make_experts(DTYPE_F8_E4M3);
    float *logits = tensor_random(T * E, 3, seed, 1);
    float *bias = tensor_random(E, 0.5, seed, 2);
    float *x = tensor_random(T * H, 0.1, seed, 3);
    float *y = calloc(T * H, sizeof *y);
    float *one = calloc(H, sizeof *one);
    run_route(logits, bias, true);
    struct kmat to = {y, H};
    ASSERT_OK(k->ops->experts(k, to, (struct kmat){x, H}, &route, mlp, E, true, T, &e), e);
    for (int t = 0; t < T; t++) {
        struct kroute own = {expert + t * USED, weight + t * USED, USED};
        struct kmat row = {x + t * H, H};
        memset(one, 0, H * sizeof *one);
        ASSERT_OK(k->ops->experts(k, (struct kmat){one, H}, row, &own, mlp, E, true, 1, &e), e);
        tensor_expect_same_bits(one, y + t * H, H, "experts, row alone");
    }
    free_experts();
    free(logits);
    free(bias);
    free(x);
    free(y);
    free(one);
}
