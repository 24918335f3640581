/* The trace file: what was put comes back, a torn end is cut off, damage is named. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/rng.h"
#include "harness/trace/trace.h"
#include "tests/support/support.h"

enum { VOCAB = 100, LAYERS = 3, EXPERTS = 37, USED = 5, TOKENS = 20 };

static const struct trace_head head = {.model = {"a model", 7},
                                       .n_vocab = VOCAB,
                                       .n_layers = LAYERS,
                                       .n_experts = EXPERTS,
                                       .n_used = USED,
                                       .i_first = 1};

/* What stands in token i of reply `seed`, made again by whoever checks. */
static void experts_of(uint64_t seed, int64_t i, int32_t out[LAYERS * USED])
{
    for (int j = 0; j < LAYERS * USED; j++)
        out[j] = (int32_t)(rng_u64(seed, (uint64_t)i, (uint64_t)j) % EXPERTS);
}

/* Sizes from none over a list and the border to everything. */
static int64_t kept_of(uint64_t seed, int64_t i, int32_t out[VOCAB])
{
    static const unsigned percent[] = {0, 1, 5, 12, 13, 14, 50, 100};
    int64_t n = 0;
    for (int32_t id = 0; id < VOCAB; id++)
        if (rng_u64(seed, 1000 + (uint64_t)i, (uint64_t)id) % 100 < percent[i % 8])
            out[n++] = id;
    return n;
}

struct made {
    struct buf tokens, logprobs, experts, masks;
    struct trace_entry entry;
    unsigned char key[32];
};

static void free_made(struct made *m)
{
    buf_free(&m->tokens);
    buf_free(&m->logprobs);
    buf_free(&m->experts);
    buf_free(&m->masks);
}

static void make(struct made *m, uint64_t seed)
{
    *m = (struct made){.key = {(unsigned char)seed, 1, 2}};
    for (int64_t i = 0; i < TOKENS; i++) {
        int32_t expert[LAYERS * USED];
        int32_t kept[VOCAB];
        int32_t token = (int32_t)(rng_u64(seed, 7, (uint64_t)i) % VOCAB);
        float logprob = -(float)rng_unit(seed, 8, (uint64_t)i);
        experts_of(seed, i, expert);
        buf_put(&m->tokens, (struct str){(const char *)&token, sizeof token});
        buf_put(&m->logprobs, (struct str){(const char *)&logprob, sizeof logprob});
        trace_put_experts(&m->experts, &head, expert);
        trace_put_mask(&m->masks, &head, kept, kept_of(seed, i, kept));
    }
    m->entry = (struct trace_entry){.key = m->key,
                                    .item = STR("item-1"),
                                    .sample = (int64_t)seed,
                                    .turn = -1,
                                    .n_prompt = 9,
                                    .n = TOKENS,
                                    .tokens = buf_str(&m->tokens),
                                    .logprobs = buf_str(&m->logprobs),
                                    .experts = buf_str(&m->experts),
                                    .masks = buf_str(&m->masks)};
}

static void expect_reply(const struct trace_entry *r, uint64_t seed)
{
    int64_t at = 0;
    struct err e = {0};
    cr_assert_eq(r->n, TOKENS);
    cr_expect(str_eq(r->item, STR("item-1")));
    cr_expect(r->sample == (int64_t)seed && r->turn == -1 && r->n_prompt == 9);
    cr_expect_eq(r->key[0], seed);
    for (int64_t i = 0; i < TOKENS; i++) {
        int32_t expert[LAYERS * USED], expert_got[LAYERS * USED];
        int32_t kept[VOCAB], kept_got[VOCAB];
        int64_t n = 0;
        experts_of(seed, i, expert);
        trace_experts(&head, r, i, expert_got);
        cr_expect_arr_eq(expert, expert_got, sizeof expert, "experts of token %lld", (long long)i);
        int64_t n_wanted = kept_of(seed, i, kept);
        ASSERT_OK(trace_mask(&head, r, &at, kept_got, &n, &e), e);
        cr_assert_eq(n, n_wanted);
        cr_expect_arr_eq(kept, kept_got, (size_t)n * sizeof *kept, "kept %lld", (long long)i);
        cr_expect_eq(trace_token(r, i), (int32_t)(rng_u64(seed, 7, (uint64_t)i) % VOCAB));
        cr_expect(trace_logprob(r, i) == -(float)rng_unit(seed, 8, (uint64_t)i));
    }
    cr_expect_eq(at, r->masks.n);
}

static const char *path_of(const char *name)
{
    static char path[4096];
    cr_assert(file_join(support_temp(), name, path, sizeof path));
    (void)unlink(path);
    return path;
}

/* Opens (again), puts replies [from, to), closes. */
static int64_t put_some(const char *path, uint64_t from, uint64_t to)
{
    struct trace *t = NULL;
    struct err e = {0};
    int64_t n_cut = 0;
    ASSERT_OK(trace_open(&t, path, &head, &n_cut, &e), e);
    for (uint64_t seed = from; seed < to; seed++) {
        struct made m;
        make(&m, seed);
        ASSERT_OK(trace_put(t, &m.entry, &e), e);
        free_made(&m);
    }
    trace_close(t);
    return n_cut;
}

/* Replies 0 to n - 1 and nothing else. */
static void expect_replies(const char *path, uint64_t n)
{
    struct trace_reader r;
    struct err e = {0};
    struct trace_entry one;
    bool has_one = false;
    ASSERT_OK(trace_read_open(&r, path, &e), e);
    for (uint64_t seed = 0; seed < n; seed++) {
        ASSERT_OK(trace_next(&r, &one, &has_one, &e), e);
        cr_assert(has_one, "reply %d", (int)seed);
        expect_reply(&one, seed);
    }
    ASSERT_OK(trace_next(&r, &one, &has_one, &e), e);
    cr_expect_not(has_one);
    cr_expect_not(r.is_torn);
    trace_read_close(&r);
}

Test(trace, comes_back_and_goes_on)
{
    const char *path = path_of("whole.trace");
    cr_expect_eq(put_some(path, 0, 3), 0);
    cr_expect_eq(put_some(path, 3, 5), 0);
    expect_replies(path, 5);
}

static int64_t size_of(const char *path)
{
    int fd = open(path, O_RDONLY);
    int64_t n = lseek(fd, 0, SEEK_END);
    (void)close(fd);
    return n;
}

/* Wherever the last record is cut, what was whole before it stays, and writing goes on. */
Test(trace, torn_end_is_cut_off)
{
    const char *path = path_of("torn.trace");
    (void)put_some(path, 0, 2);
    int64_t whole = size_of(path);
    (void)put_some(path, 2, 3);
    for (int64_t n = size_of(path) - 1; n > whole; n -= 97) {
        cr_assert_eq(truncate(path, n), 0);
        cr_expect_eq(put_some(path, 2, 3), n - whole, "cut at %lld", (long long)n);
        expect_replies(path, 3);
    }
}

static void expect_read_fails(struct str bytes, const char *what)
{
    struct trace_reader r;
    struct err e = {0};
    bool has_one = true;
    bool ok = trace_read_bytes(&r, bytes, "t", &e);
    while (ok && has_one) {
        struct trace_entry unused;
        ok = trace_next(&r, &unused, &has_one, &e);
    }
    cr_expect_not(ok, "%s was read", what);
    cr_expect(e.cls == ERR_INPUT || e.cls == ERR_UNSUPPORTED, "%s: %s", what, e.text);
    if (r.bytes.at != NULL)
        trace_read_close(&r);
}

/* A changed byte is an error or, in the length of the last record, nothing that was written. */
Test(trace, damage_is_named)
{
    struct arena keep;
    const char *path = path_of("damaged.trace");
    (void)put_some(path, 0, 2);
    arena_init(&keep, "test", 1 << 26);
    struct str text = support_read(path, &keep);
    char *bytes = NEW(&keep, char, text.n);
    memcpy(bytes, text.at, (size_t)text.n);
    struct str all = {bytes, text.n};
    for (int64_t i = 0; i < text.n; i += i < 300 ? 1 : 41) {
        bytes[i] ^= 0x10;
        expect_read_fails(all, arena_fmt(&keep, "byte %lld", (long long)i).at);
        bytes[i] ^= 0x10;
    }
    arena_fini(&keep);
}

Test(trace, refuses_another_models_file)
{
    struct trace *t = NULL;
    struct err e = {0};
    int64_t n_cut = 0;
    struct trace_head other = head;
    const char *path = path_of("other.trace");
    (void)put_some(path, 0, 1);
    other.model = STR("another model");
    cr_expect_not(trace_open(&t, path, &other, &n_cut, &e));
    cr_expect_eq(e.cls, ERR_INPUT);
    cr_expect(strstr(e.text, "another model") != NULL, "%s", e.text);
    expect_replies(path, 1);
}

Test(trace, refuses_a_file_that_is_no_trace)
{
    struct trace *t = NULL;
    struct err e = {0};
    int64_t n_cut = 0;
    const char *path = path_of("notes.txt");
    ASSERT_OK(file_write(path, STR("do not lose these notes"), &e), e);
    cr_expect_not(trace_open(&t, path, &head, &n_cut, &e));
    cr_expect_eq(e.cls, ERR_INPUT);
    cr_expect_eq(size_of(path), 23);
}

/* Experts of one, and none: no bits at all. */
Test(trace, packs_nothing_into_nothing)
{
    struct trace_head dense = {.n_vocab = 8};
    struct trace_head single = {.n_vocab = 8, .n_layers = 2, .n_experts = 1, .n_used = 1};
    struct trace_head wide = {.n_vocab = 8, .n_layers = 1, .n_experts = 65536, .n_used = 3};
    int32_t big[3] = {65535, 0, 32769}, got[3];
    struct buf b = {0};
    cr_expect_eq(trace_expert_bytes(&dense), 0);
    cr_expect_eq(trace_expert_bytes(&single), 0);
    cr_expect_eq(trace_expert_bytes(&wide), 6);
    trace_put_experts(&b, &wide, big);
    struct trace_entry r = {.n = 1, .experts = buf_str(&b)};
    trace_experts(&wide, &r, 0, got);
    cr_expect_arr_eq(big, got, sizeof big);
    buf_free(&b);
}
