/* Each op against plain loops in double, and "neutral": a row alone and in a full call.
 *
 * Tolerances are relative to the largest wanted number: sums of a few hundred f32 products stay
 * within 2e-6; one or two roundings within 3e-7. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "tests/support/support.h"
#include "tests/support/tensor.h"

#define SUMS     2e-6
#define ROUNDING 3e-7

static struct kernels *k;
static struct err e;
static uint64_t seed;

static void open_machine(void)
{
    struct kernel_limits most = {
        .n_rows = 64,
        .n_in = 512,
        .n_selected = 300,
        .n_cached = 400,
        .n_heads = 16,
        .n_experts = 16,
        .n_used = 4,
        .n_inner = 256,
    };
    seed = support_seed(11);
    ASSERT_OK(kernels_cpu_open(&k, 3, NULL, &e), e);
    ASSERT_OK(k->ops->reserve(k, &most, &e), e);
}

static void close_machine(void)
{
    kernels_close(k);
}

TestSuite(kernels, .init = open_machine, .fini = close_machine);

static double *doubles(int64_t n)
{
    double *p = calloc((size_t)n + 1, sizeof *p);
    cr_assert_not_null(p);
    return p;
}

/* -- linear -------------------------------------------------------------------------------------
 */

static void check_linear(enum dtype dtype, int64_t T, int64_t n_out, int64_t n_in)
{
    struct kweight w = tensor_weight(dtype, n_out, n_in, seed);
    float *x = tensor_random(T * n_in, 1, seed, 1);
    float *y = tensor_random(T * n_out, 1, seed, 2);
    float *one = tensor_random(n_out, 1, seed, 3);
    double *want = doubles(T * n_out);
    for (int64_t t = 0; t < T; t++)
        for (int64_t o = 0; o < n_out; o++)
            for (int64_t i = 0; i < n_in; i++)
                want[t * n_out + o] += (double)x[t * n_in + i] * tensor_at(&w, o, i);
    ASSERT_OK(k->ops->linear(k, (struct kmat){y, n_out}, (struct kmat){x, n_in}, &w, T, &e), e);
    tensor_expect_close(y, want, T * n_out, SUMS, "linear");
    for (int64_t t = 0; t < T; t++) {
        struct kmat row = {x + t * n_in, n_in};
        ASSERT_OK(k->ops->linear(k, (struct kmat){one, n_out}, row, &w, 1, &e), e);
        tensor_expect_same_bits(one, y + t * n_out, n_out, "linear, row alone");
    }
    tensor_free_weight(&w);
    free(x);
    free(y);
    free(one);
    free(want);
}

Test(kernels, linear_reads_every_stored_type)
{
    static const enum dtype dtype[] = {DTYPE_F32, DTYPE_F16, DTYPE_BF16, DTYPE_F8_E4M3, DTYPE_Q8};
    for (int i = 0; i < 5; i++) {
        check_linear(dtype[i], 1, 300, 384);
        check_linear(dtype[i], 5, 129, 200); /* partial blocks of scales */
        check_linear(dtype[i], 64, 17, 23);
        check_linear(dtype[i], 7, 1, 1);
    }
}

static void check_linear_heads(enum dtype dtype, int64_t T)
{
    enum { HEADS = 3, OUT = 20, IN = 33, GAP = 4 };
    struct kweight w = tensor_weight(dtype, HEADS * OUT, IN, seed);
    float *x = tensor_random(T * HEADS * (IN + GAP), 1, seed, 2);
    float *y = tensor_random(T * HEADS * (OUT + GAP), 1, seed, 3);
    struct kheads from = {x, HEADS * (IN + GAP), IN + GAP};
    struct kheads to = {y, HEADS * (OUT + GAP), OUT + GAP};
    float before = y[OUT];
    ASSERT_OK(k->ops->linear_heads(k, to, from, &w, T, HEADS, &e), e);
    for (int t = 0; t < T; t++)
        for (int h = 0; h < HEADS; h++) {
            double want[OUT] = {0};
            for (int o = 0; o < OUT; o++)
                for (int i = 0; i < IN; i++)
                    want[o] += (double)x[t * from.stride + h * from.head + i] *
                               tensor_at(&w, h * OUT + o, i);
            tensor_expect_close(y + t * to.stride + h * to.head, want, OUT, SUMS, "linear_heads");
        }
    cr_assert_eq(y[OUT], before, "the gap between heads is left alone");
    tensor_free_weight(&w);
    free(x);
    free(y);
}

Test(kernels, linear_heads_is_one_product_for_each_head)
{
    check_linear_heads(DTYPE_F32, 5);
    check_linear_heads(DTYPE_BF16, 5);
    check_linear_heads(DTYPE_BF16, 40);
    check_linear_heads(DTYPE_Q8, 11);
}

Test(kernels, embed_gather_and_add_move_rows)
{
    int32_t id[4] = {6, 0, 6, 3};
    struct kweight w = tensor_weight(DTYPE_BF16, 7, 50, seed);
    float y[4 * 50];
    float z[4 * 50];
    ASSERT_OK(k->ops->embed(k, (struct kmat){y, 50}, id, &w, 4, &e), e);
    for (int t = 0; t < 4; t++)
        for (int i = 0; i < 50; i++)
            cr_assert_eq((double)y[t * 50 + i], tensor_at(&w, id[t], i));
    int32_t row[2] = {3, 1};
    ASSERT_OK(k->ops->gather(k, (struct kmat){z, 50}, (struct kmat){y, 50}, row, 2, 50, &e), e);
    tensor_expect_same_bits(z, y + 150, 50, "gather");
    tensor_expect_same_bits(z + 50, y + 50, 50, "gather");
    ASSERT_OK(k->ops->add(k, (struct kmat){z, 50}, (struct kmat){y, 50}, 2, 50, &e), e);
    for (int i = 0; i < 50; i++)
        cr_assert_eq(z[i], y[150 + i] + y[i]);
    tensor_free_weight(&w);
}

/* -- norms and rounding --------------------------------------------------------------------------
 */

Test(kernels, rms_norm_divides_by_the_root_of_the_mean_square)
{
    enum { T = 6, H = 203 };
    float *x = tensor_random(T * H, 3, seed, 1);
    float *w = tensor_random(H, 1, seed, 2);
    float *y = tensor_random(T * H, 1, seed, 3);
    struct kmat from = {x, H};
    ASSERT_OK(k->ops->rms_norm(k, (struct kmat){y, H}, from, w, T, H, 1e-2F, &e), e);
    for (int t = 0; t < T; t++) {
        double want[H];
        double sum = 0;
        for (int i = 0; i < H; i++)
            sum += (double)x[t * H + i] * (double)x[t * H + i];
        for (int i = 0; i < H; i++)
            want[i] = (double)w[i] * (double)x[t * H + i] / sqrt(sum / H + (double)1e-2F);
        tensor_expect_close(y + t * H, want, H, 1e-6, "rms_norm");
    }
    ASSERT_OK(k->ops->rms_norm(k, from, from, w, T, H, 1e-2F, &e), e);
    tensor_expect_same_bits(x, y, T * H, "rms_norm in place");
    free(x);
    free(w);
    free(y);
}

Test(kernels, layer_norm_centres_scales_and_shifts)
{
    enum { T = 3, N = 128 };
    float *x = tensor_random(T * N, 3, seed, 1);
    float *w = tensor_random(N, 1, seed, 2);
    float *b = tensor_random(N, 1, seed, 3);
    double want[T * N];
    for (int t = 0; t < T; t++) {
        double mean = 0;
        double var = 0;
        for (int i = 0; i < N; i++)
            mean += (double)(x[t * N + i] += 5.0F) / N;
        for (int i = 0; i < N; i++)
            var += ((double)x[t * N + i] - mean) * ((double)x[t * N + i] - mean) / N;
        for (int i = 0; i < N; i++)
            want[t * N + i] =
                ((double)x[t * N + i] - mean) / sqrt(var + 1e-6) * (double)w[i] + (double)b[i];
    }
    struct kmat at = {x, N};
    ASSERT_OK(k->ops->layer_norm(k, at, at, w, b, T, N, 1e-6F, &e), e);
    tensor_expect_close(x, want, T * N, ROUNDING, "layer_norm");
    free(x);
    free(w);
    free(b);
}

/* The definition: scale = 2^ceil(log2(max(amax, 1e-4) / 448)), nearest multiple E4M3 can hold. */
static double quantised(double x, double amax)
{
    double scale = exp2(ceil(log2(fmax(amax, 1e-4) / 448)));
    double v = fabs(x) / scale;
    double step = v < 0x1p-6 ? 0x1p-9 : exp2(floor(log2(v)) - 3);
    double r = nearbyint(v / step) * step;
    return copysign(r * scale, x);
}

Test(kernels, act_quant_keeps_what_e4m3_can_hold_of_every_block)
{
    enum { T = 4, N = 300 };
    float *x = tensor_random(T * N, 1, seed, 1);
    for (int i = 0; i < T * N; i++) /* magnitudes from 1e-7 to 1e3, zeros too */
        x[i] = i % 50 == 0 ? 0.0F : (float)((double)x[i] * pow(10, i / N * 3 - 6 + i % 4));
    float *y = tensor_random(T * N, 1, seed, 2);
    struct kmat to = {y, N};
    ASSERT_OK(k->ops->act_quant(k, to, (struct kmat){x, N}, T, N, KERNEL_BLOCK, &e), e);
    for (int t = 0; t < T; t++)
        for (int b = 0; b < N; b += 128) {
            int n = N - b < 128 ? N - b : 128;
            double amax = 0;
            for (int i = 0; i < n; i++)
                amax = fmax(amax, fabs((double)x[t * N + b + i]));
            for (int i = 0; i < n; i++)
                cr_assert_eq((double)y[t * N + b + i], quantised((double)x[t * N + b + i], amax),
                             "%.9g of %.9g became %.9g", (double)x[t * N + b + i], amax,
                             (double)y[t * N + b + i]);
        }
    float *again = tensor_random(T * N, 1, seed, 3);
    ASSERT_OK(k->ops->act_quant(k, (struct kmat){again, N}, to, T, N, KERNEL_BLOCK, &e), e);
    tensor_expect_same_bits(again, y, T * N, "rounding what is rounded");
    free(x);
    free(y);
    free(again);
}

Test(kernels, act_quant_scale_is_exact_at_powers_of_two)
{
    float x[2] = {448.0F, 1.0F}; /* amax / 448 = 1: scale 1, not 2 */
    struct kmat at = {x, 2};
    ASSERT_OK(k->ops->act_quant(k, at, at, 1, 2, 128, &e), e);
    cr_assert_eq(x[0], 448.0F);
    float z[2] = {448.5F, 0x1p-9F}; /* scale 2: the smallest step is 2^-8, half of it goes to 0 */
    struct kmat bt = {z, 2};
    ASSERT_OK(k->ops->act_quant(k, bt, bt, 1, 2, 128, &e), e);
    cr_assert_eq(z[0], 448.0F);
    cr_assert_eq(z[1], 0.0F);
    float w[2] = {448.0F, 0x1p-9F}; /* scale 1: it stays */
    struct kmat ct = {w, 2};
    ASSERT_OK(k->ops->act_quant(k, ct, ct, 1, 2, 128, &e), e);
    cr_assert_eq(w[1], 0x1p-9F);
}

Test(kernels, hadamard_is_the_sylvester_matrix_and_its_own_inverse)
{
    enum { T = 2, HEADS = 3, DIM = 32 };
    float *x = tensor_random(T * HEADS * DIM, 1, seed, 1);
    double want[T * HEADS * DIM];
    double original[T * HEADS * DIM];
    for (int r = 0; r < T * HEADS; r++)
        for (int i = 0; i < DIM; i++) {
            original[r * DIM + i] = (double)x[r * DIM + i];
            double sum = 0;
            for (int j = 0; j < DIM; j++)
                sum += (__builtin_popcount((unsigned)(i & j)) % 2 == 0 ? 1 : -1) *
                       (double)x[r * DIM + j];
            want[r * DIM + i] = sum / sqrt(DIM);
        }
    struct kheads at = {x, HEADS * DIM, DIM};
    ASSERT_OK(k->ops->hadamard(k, at, T, HEADS, DIM, &e), e);
    tensor_expect_close(x, want, T * HEADS * DIM, 1e-6, "hadamard");
    ASSERT_OK(k->ops->hadamard(k, at, T, HEADS, DIM, &e), e);
    tensor_expect_close(x, original, T * HEADS * DIM, 1e-6, "hadamard twice");
    free(x);
}

/* -- positions, activations ---------------------------------------------------------------------
 */

Test(kernels, rope_turns_pairs_or_halves)
{
    enum { T = 3, HEADS = 2, DIM = 8, N = DIM / 2 };
    int32_t position[T] = {0, 5, 100000};
    float speed[N] = {1.0F, 0.3F, 0.01F, 1e-5F};
    float table[T * DIM];
    ASSERT_OK(k->ops->rope_table(k, table, position, speed, T, N, &e), e);
    for (int layout = 0; layout < 2; layout++) {
        float *x = tensor_random(T * HEADS * DIM, 1, seed, 1);
        double want[T * HEADS * DIM];
        for (int r = 0; r < T * HEADS; r++)
            for (int i = 0; i < N; i++) {
                int a = layout == ROPE_PAIRS ? 2 * i : i;
                int b = layout == ROPE_PAIRS ? 2 * i + 1 : i + N;
                double angle = (double)((float)position[r / HEADS] * speed[i]);
                double xa = (double)x[r * DIM + a];
                double xb = (double)x[r * DIM + b];
                want[r * DIM + a] = xa * cos(angle) - xb * sin(angle);
                want[r * DIM + b] = xa * sin(angle) + xb * cos(angle);
            }
        struct kheads at = {x, HEADS * DIM, DIM};
        ASSERT_OK(k->ops->rope(k, at, at, table, (enum krope)layout, T, HEADS, DIM, &e), e);
        tensor_expect_close(x, want, T * HEADS * DIM, ROUNDING, "rope");
        free(x);
    }
}

Test(kernels, swiglu_is_silu_of_one_times_the_other)
{
    enum { N = 400 };
    float *g = tensor_random(N, 20, seed, 1);
    float *u = tensor_random(N, 1, seed, 2);
    double want[N];
    for (int i = 0; i < N; i++)
        want[i] = (double)g[i] / (1 + exp(-(double)g[i])) * (double)u[i];
    struct kmat at = {g, N / 4};
    ASSERT_OK(k->ops->swiglu(k, at, at, (struct kmat){u, N / 4}, 4, N / 4, &e), e);
    tensor_expect_close(g, want, N, ROUNDING, "swiglu");
    free(g);
    free(u);
}

/* -- caches: indexer and attention --------------------------------------------------------------
 */

enum { CACHED = 300, PAGES = 12, TABLE = 6, SLOTS = 2, DIM = 40 };

static float pool[PAGES * KERNEL_PAGE * DIM];
static int32_t table[SLOTS * TABLE] = {7, 2, 9, 0, 4, 11, 3, 1, 10, 5, 8, 6};
static float key[SLOTS][CACHED][DIM];

/* Two requests' rows through cache_put, in pages out of order. */
static struct kpages fill_cache(void)
{
    struct kpages cache = {.pool = pool, .table = table, .n_table = TABLE, .dim = DIM};
    for (int slot = 0; slot < SLOTS; slot++) {
        float *x = tensor_random(CACHED * DIM, 1, seed, 50 + (uint64_t)slot);
        memcpy(key[slot], x, sizeof key[slot]);
        for (int s = 0; s < CACHED; s++) {
            int32_t at_slot = slot;
            int32_t at_position = s;
            struct krows where = {&at_slot, &at_position};
            struct kmat row = {x + s * DIM, DIM};
            ASSERT_OK(k->ops->cache_put(k, &cache, &where, row, 1, &e), e);
        }
        free(x);
    }
    return cache;
}

enum { T_SELECT = 7, HEADS = 3, TOPK = 37 };

static const int32_t some_slot[T_SELECT] = {0, 1, 1, 0, 0, 1, 1};
static const int32_t some_position[T_SELECT] = {0, 35, 36, 37, 299, 128, 200};

/* Positions by score, ties to the lower one, by repeated search. */
static void select_plainly(const double *score, int64_t n, int32_t *out, int64_t n_out)
{
    bool is_taken[CACHED] = {false};
    for (int64_t i = 0; i < n_out; i++) {
        int64_t best = -1;
        for (int64_t s = 0; s < n; s++)
            if (!is_taken[s] && (best < 0 || score[s] > score[best]))
                best = s;
        is_taken[best] = true;
    }
    for (int64_t s = 0; s < n; s++)
        if (is_taken[s])
            *out++ = (int32_t)s;
}

Test(kernels, index_select_keeps_the_best_in_ascending_order)
{
    struct kpages cache = fill_cache();
    float *q = tensor_random(T_SELECT * HEADS * DIM, 1, seed, 1);
    float *w = tensor_random(T_SELECT * HEADS, 1, seed, 2);
    int32_t at[T_SELECT * (TOPK + 3)];
    int32_t n[T_SELECT];
    struct kselect out = {at, n, TOPK + 3};
    struct krows rows = {some_slot, some_position};
    struct kheads qs = {q, HEADS * DIM, DIM};
    ASSERT_OK(k->ops->index_select(k, &out, qs, (struct kmat){w, HEADS}, 0.25F, &cache, &rows,
                                   T_SELECT, HEADS, TOPK, &e),
              e);
    for (int t = 0; t < T_SELECT; t++) {
        double score[CACHED] = {0};
        int32_t want[TOPK];
        int64_t n_cached = some_position[t] + 1;
        int64_t n_want = n_cached < TOPK ? n_cached : TOPK;
        for (int64_t s = 0; s < n_cached; s++)
            for (int h = 0; h < HEADS; h++) {
                double dot = 0;
                for (int i = 0; i < DIM; i++)
                    dot += (double)q[(t * HEADS + h) * DIM + i] * (double)key[some_slot[t]][s][i];
                score[s] += fmax(0, dot) * (double)w[t * HEADS + h] * 0.25;
            }
        select_plainly(score, n_cached, want, n_want);
        cr_assert_eq(n[t], n_want);
        cr_assert_arr_eq(at + t * out.stride, want, (size_t)n_want * sizeof want[0], "row %d", t);
    }
    free(q);
    free(w);
}

Test(kernels, index_select_gives_ties_to_the_lower_position)
{
    struct kpages cache = fill_cache();
    float q[DIM] = {0}; /* every score is 0, but for two keys */
    float w[1] = {1};
    int32_t at[4];
    int32_t n[1];
    int32_t slot = 0;
    int32_t position = 299;
    struct kselect out = {at, n, 4};
    struct krows rows = {&slot, &position};
    q[0] = 1;
    for (int32_t s = 0; s < CACHED; s++) {
        float row[DIM] = {s == 250 || s == 100 ? 2.0F : s % 2 == 0 ? -0.0F : -1.0F};
        struct krows where = {&slot, &s};
        ASSERT_OK(k->ops->cache_put(k, &cache, &where, (struct kmat){row, DIM}, 1, &e), e);
    }
    ASSERT_OK(k->ops->index_select(k, &out, (struct kheads){q, DIM, DIM}, (struct kmat){w, 1}, 1.0F,
                                   &cache, &rows, 1, 1, 4, &e),
              e);
    int32_t want[4] = {0, 1, 100, 250};
    cr_assert_arr_eq(at, want, sizeof want);
}

Test(kernels, attend_mixes_the_selected_rows_by_softmax)
{
    enum { RANK = 32, N_HEADS = 11 };
    struct kpages cache = fill_cache();
    float *q = tensor_random(T_SELECT * N_HEADS * DIM, 2, seed, 1);
    float *y = tensor_random(T_SELECT * N_HEADS * RANK, 1, seed, 2);
    int32_t at[T_SELECT * TOPK];
    int32_t n[T_SELECT];
    for (int t = 0; t < T_SELECT; t++) {
        n[t] = 0;
        for (int32_t s = t % 3; s <= some_position[t] && n[t] < TOPK; s += 1 + t)
            at[t * TOPK + n[t]++] = s;
        if (n[t] == 0)
            at[t * TOPK + n[t]++] = 0;
    }
    struct kselect which = {at, n, TOPK};
    struct krows rows = {some_slot, some_position};
    struct kheads qs = {q, N_HEADS * DIM, DIM};
    struct kheads ys = {y, N_HEADS * RANK, RANK};
    ASSERT_OK(k->ops->attend(k, ys, qs, 0.7F, &cache, &rows, &which, T_SELECT, N_HEADS, RANK, &e),
              e);
    for (int t = 0; t < T_SELECT; t++)
        for (int h = 0; h < N_HEADS; h++) {
            double p[TOPK];
            double sum = 0;
            double want[RANK] = {0};
            for (int j = 0; j < n[t]; j++) {
                double dot = 0;
                for (int i = 0; i < DIM; i++)
                    dot += (double)q[(t * N_HEADS + h) * DIM + i] *
                           (double)key[some_slot[t]][at[t * TOPK + j]][i];
                p[j] = exp(dot * (double)0.7F);
                sum += p[j];
            }
            for (int j = 0; j < n[t]; j++)
                for (int i = 0; i < RANK; i++)
                    want[i] += p[j] / sum * (double)key[some_slot[t]][at[t * TOPK + j]][i];
            tensor_expect_close(y + (t * N_HEADS + h) * RANK, want, RANK, 3e-6, "attend");
        }
    free(q);
    free(y);
}
