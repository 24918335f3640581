#include "kernels/cpu/ceilings.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/rng.h"
#include "kernels/cpu/ceilings_parts.h"
#include "kernels/cpu/pool.h"

enum { CHUNK = 4 << 20, ROWS_MOST = 1 << 18, ROWS_TASK = 1 << 12, SEED = 7 };

struct ceilings {
    struct pool *pool;
    int n_threads;
    const struct ceiling_memory *memory;
    unsigned char *region;
    int64_t n_region; /* a multiple of CHUNK */
    int64_t *row;     /* [ROWS_MOST] */
    int64_t n_row;    /* bytes of the rows that `row` was drawn for */
    /* of the call that runs */
    const struct ceiling_loop *loop;
    int64_t n_rounds;
    int64_t n_rows;
};

/* ---- portable loops */

/* Plain C: what a compiler makes of it on the baseline of its architecture. */
void ceiling_fma_portable(int64_t n_rounds)
{
    float s[16] = {0};
    volatile float factor = 0.5F;
    float a = factor;
    for (int64_t n = 0; n < n_rounds; n++)
        for (int i = 0; i < 16; i++)
            s[i] = s[i] * a + 0x1p-20F;
    for (int i = 0; i < 16; i++)
        factor = s[i];
}

static uint64_t read_words(const unsigned char *at, int64_t n_bytes)
{
    const uint64_t *p = (const uint64_t *)(const void *)at;
    uint64_t s[4] = {0};
    for (int64_t i = 0; i < n_bytes / 8; i += 4)
        for (int j = 0; j < 4; j++)
            s[j] += p[i + j];
    return s[0] + s[1] + s[2] + s[3];
}

static uint64_t gather_words(const unsigned char *at, const int64_t *row, int64_t n_rows,
                             int64_t n_bytes)
{
    uint64_t s = 0;
    for (int64_t i = 0; i < n_rows; i++) {
        if (i + CEILING_AHEAD < n_rows)
            ceiling_prefetch(at + row[i + CEILING_AHEAD] * n_bytes, n_bytes);
        s += read_words(at + row[i] * n_bytes, n_bytes);
    }
    return s;
}

const struct ceiling_memory ceiling_memory_portable = {.read = read_words, .gather = gather_words};

/* ---- what this processor has */

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static bool has_avx512(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

static bool has_avx512_bf16(void)
{
    return has_avx512() && __builtin_cpu_supports("avx512bf16");
}

static bool has_avx512_vnni(void)
{
    return has_avx512() && __builtin_cpu_supports("avx512vnni");
}

/* Leaf 7.1, EAX bit 4: not every compiler's cpu_supports knows its name. */
static bool has_avx_vnni(void)
{
#ifdef __x86_64__
    uint32_t a = 7;
    uint32_t b = 0;
    uint32_t c = 1;
    uint32_t d = 0;
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return has_avx2() && (a >> 4 & 1) != 0;
#else
    return false;
#endif
}

static bool has_anything(void)
{
    return true;
}

static const struct {
    struct ceiling_loop loop;
    bool (*is_here)(void);
} loops[] = {
    {{"vfmadd231ps zmm", "avx512", CEILING_FMA, 16 * 16 * 2, ceiling_fma_avx512}, has_avx512},
    {{"vfmadd231ps ymm", "avx2", CEILING_FMA, 12 * 8 * 2, ceiling_fma_avx2}, has_avx2},
    {{"multiply and add", "portable", CEILING_FMA, 16 * 2, ceiling_fma_portable}, has_anything},
    {{"vdpbf16ps zmm", "avx512", CEILING_BF16, 16 * 32 * 2, ceiling_bf16_avx512}, has_avx512_bf16},
    {{"vpdpbusd zmm", "avx512", CEILING_INT8, 16 * 64 * 2, ceiling_int8_avx512}, has_avx512_vnni},
    {{"vpdpbusd ymm", "avx2", CEILING_INT8, 12 * 32 * 2, ceiling_int8_avxvnni}, has_avx_vnni},
    {{"vpmaddubsw ymm", "avx2", CEILING_INT8, 12 * 32 * 2, ceiling_int8_avx2}, has_avx2},
};

const struct ceiling_loop *ceilings_loop(int64_t i)
{
    for (size_t l = 0; l < sizeof loops / sizeof *loops; l++)
        if (loops[l].is_here() && i-- == 0)
            return &loops[l].loop;
    return NULL;
}

/* ---- the region */

int64_t ceilings_cache_bytes(void)
{
    int64_t third = (int64_t)sysconf(_SC_LEVEL3_CACHE_SIZE);
    int64_t second = (int64_t)sysconf(_SC_LEVEL2_CACHE_SIZE);
    return third > 0 ? third : second > 0 ? second : 0;
}

static int64_t region_bytes(void)
{
    int64_t memory = (int64_t)sysconf(_SC_AVPHYS_PAGES) * (int64_t)sysconf(_SC_PAGESIZE);
    int64_t wanted = 4 * ceilings_cache_bytes();
    wanted = wanted < LIMIT_GIB ? LIMIT_GIB : wanted;
    wanted = wanted < memory / 4 ? wanted : memory / 4;
    wanted = wanted / CHUNK * CHUNK;
    return wanted < CHUNK ? CHUNK : wanted;
}

/* 16-bit pieces between 0.0078 and 0.0312 in size as bf16: no zeros, no denormal numbers, no NaN
 * in any of the formats. One chunk is drawn and repeated, with its start moved. */
static void fill_chunk(unsigned char *to)
{
    for (int64_t i = 0; i < CHUNK / 8; i++) {
        uint64_t u = rng_u64(SEED, 0, (uint64_t)i);
        u = (u & 0x803F803F803F803FULL) | 0x3C003C003C003C00ULL;
        memcpy(to + 8 * i, &u, sizeof u);
    }
}

static bool open_region(struct ceilings *c, struct err *e)
{
    c->n_region = region_bytes();
    void *p =
        mmap(NULL, (size_t)c->n_region, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return FAIL(e, ERR_IO, "no memory for a region of %lld bytes: %m", (long long)c->n_region);
    c->region = p;
    (void)madvise(p, (size_t)c->n_region, MADV_HUGEPAGE);
    fill_chunk(c->region);
    for (int64_t at = CHUNK; at < c->n_region; at += CHUNK)
        memcpy(c->region + at, c->region, CHUNK);
    c->row = calloc(ROWS_MOST, sizeof *c->row);
    return c->row != NULL || FAIL(e, ERR_IO, "no memory for a list of rows");
}

static int count_threads(int n_threads)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    n = n_threads > 0 ? n_threads : n;
    return (int)(n < 1 ? 1 : n > LIMIT_THREADS ? LIMIT_THREADS : n);
}

bool ceilings_open(struct ceilings **out, int n_threads, struct err *e)
{
    struct ceilings *c = calloc(1, sizeof *c);
    if (c == NULL)
        return FAIL(e, ERR_IO, "no memory to measure with");
    c->n_threads = count_threads(n_threads);
    c->memory = has_avx512() ? &ceiling_memory_avx512
                : has_avx2() ? &ceiling_memory_avx2
                             : &ceiling_memory_portable;
    if (!pool_open(&c->pool, c->n_threads, e) || !open_region(c, e)) {
        ceilings_close(c);
        return false;
    }
    *out = c;
    return true;
}

void ceilings_close(struct ceilings *c)
{
    if (c == NULL)
        return;
    pool_close(c->pool);
    if (c->region != NULL)
        (void)munmap(c->region, (size_t)c->n_region);
    free(c->row);
    free(c);
}

int ceilings_n_threads(const struct ceilings *c)
{
    return c->n_threads;
}

const unsigned char *ceilings_region(const struct ceilings *c, int64_t *n_bytes)
{
    *n_bytes = c->n_region;
    return c->region;
}

/* ---- running */

static void run(struct ceilings *c, int64_t n_tasks, pool_fn *fn, bool is_all)
{
    if (is_all)
        pool_run(c->pool, n_tasks, fn, c);
    for (int64_t i = 0; !is_all && i < n_tasks; i++)
        fn(c, i, 0);
}

static void compute_task(void *ctx, int64_t task, int thread)
{
    const struct ceilings *c = ctx;
    (void)task;
    (void)thread;
    c->loop->run(c->n_rounds);
}

/* Sixteen tasks a thread: one that is held up for a moment loses its share to the others. */
void ceilings_compute(struct ceilings *c, const struct ceiling_loop *l, int64_t n_rounds,
                      bool is_all)
{
    c->loop = l;
    c->n_rounds = n_rounds / 16;
    run(c, is_all ? 16L * c->n_threads : 16, compute_task, is_all);
}

/* Whoever reads must seem to need what was read. */
static void use(uint64_t sum)
{
    __asm__ volatile("" ::"r"(sum));
}

static void read_task(void *ctx, int64_t task, int thread)
{
    const struct ceilings *c = ctx;
    (void)thread;
    use(c->memory->read(c->region + task * CHUNK, CHUNK));
}

void ceilings_read(struct ceilings *c, bool is_all)
{
    run(c, c->n_region / CHUNK, read_task, is_all);
}

static void gather_task(void *ctx, int64_t task, int thread)
{
    const struct ceilings *c = ctx;
    int64_t n = c->n_rows - task * ROWS_TASK;
    (void)thread;
    n = n < ROWS_TASK ? n : ROWS_TASK;
    use(c->memory->gather(c->region, c->row + task * ROWS_TASK, n, c->n_row));
}

void ceilings_gather(struct ceilings *c, int64_t n_rows, int64_t n_bytes, bool is_all)
{
    assert(n_bytes % 64 == 0);
    c->n_rows = n_rows < ROWS_MOST ? n_rows : ROWS_MOST;
    for (int64_t i = 0; c->n_row != n_bytes && i < ROWS_MOST; i++)
        c->row[i] = (int64_t)rng_below(SEED, 1, (uint64_t)i, (uint64_t)(c->n_region / n_bytes));
    c->n_row = n_bytes;
    run(c, (c->n_rows + ROWS_TASK - 1) / ROWS_TASK, gather_task, is_all);
}
