/* From rules to finished BPF, shaped by what the kernel does with it at every start of a program.
 *
 * It checks and translates each step (0.13 us), and then asks the filter about every number of a
 * system call, to know which are always allowed (3 ns a step). So what decides about the number
 * alone comes first, as a tree over ranges in which long ranges lie near the root, and all rows end
 * in the same few returns. libseccomp's tree, over single numbers, took twice as long to load; and
 * to make it took 0.5 ms at each start of podium-box, where this takes a hundredth of that.
 *
 *   instruction set ── number ──┬── return
 *     (else: kill)     (tree)   └── tests of arguments ── return
 *
 * A conditional jump reaches 255 steps. Filters here stay below that; one that would not fails to
 * build, and with it every box. */
#include <assert.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>

#include "graders/sandbox/box.h"

enum {
    NUMBERS = 1024,     /* calls are numbered below */
    X32_BIT = 1U << 30, /* numbers from here on are another instruction set's */
    STEPS_MAX = 255,    /* with the returns */
    RETURNS_MAX = 8,    /* different ones */
    BLOCKS_MAX = 24,    /* calls whose arguments are looked at */
    RANGES_MAX = 240,   /* of numbers that share a fate */
    DEPTH_MAX = 64,
    KERNEL_NUMBERS = 480 /* about as many as the kernel asks for */
};

/* Where a jump leads: a step that is known, or one of these until it is. */
enum { TO_RETURN = 1000, TO_BLOCK = 2000 };

struct step {
    uint16_t code;
    uint32_t k;
    int yes, no; /* of a jump */
};

struct range {
    uint32_t first; /* number; up to the next range's */
    int to;
};

struct making {
    const struct box_rule *rules;
    int64_t n_rules;
    struct step steps[STEPS_MAX];
    int n_steps;
    uint32_t returns[RETURNS_MAX];
    int n_returns;
    int block_nr[BLOCKS_MAX]; /* the call it is about */
    int block_at[BLOCKS_MAX];
    int n_blocks;
    struct range ranges[RANGES_MAX];
    int n_ranges;
    bool is_too_large;
};

static int put(struct making *m, unsigned code, uint32_t k, int yes, int no)
{
    if (m->n_steps >= STEPS_MAX) {
        m->is_too_large = true;
        return 0;
    }
    m->steps[m->n_steps] = (struct step){(uint16_t)code, k, yes, no};
    return m->n_steps++;
}

static int to_return(struct making *m, uint32_t action)
{
    for (int i = 0; i < m->n_returns; i++)
        if (m->returns[i] == action)
            return TO_RETURN + i;
    assert(m->n_returns < RETURNS_MAX);
    m->returns[m->n_returns] = action;
    return TO_RETURN + m->n_returns++;
}

/* --- numbers ------------------------------------------------------------------------------ */

static int to_block(struct making *m, int nr)
{
    for (int i = 0; i < m->n_blocks; i++)
        if (m->block_nr[i] == nr)
            return TO_BLOCK + i;
    assert(m->n_blocks < BLOCKS_MAX);
    m->block_nr[m->n_blocks] = nr;
    return TO_BLOCK + m->n_blocks++;
}

static void add_range(struct making *m, uint32_t first, int to)
{
    if (m->n_ranges > 0 && m->ranges[m->n_ranges - 1].to == to)
        return;
    if (m->n_ranges >= RANGES_MAX) {
        m->is_too_large = true;
        return;
    }
    m->ranges[m->n_ranges++] = (struct range){first, to};
}

static void find_ranges(struct making *m)
{
    int to[NUMBERS];
    int allow = to_return(m, SECCOMP_RET_ALLOW);
    for (int nr = 0; nr < NUMBERS; nr++)
        to[nr] = allow;
    for (int64_t i = 0; i < m->n_rules; i++) {
        const struct box_rule *r = &m->rules[i];
        assert(r->nr >= 0);
        assert(r->nr < NUMBERS);
        to[r->nr] = r->when == BOX_ALWAYS ? to_return(m, r->action) : to_block(m, r->nr);
    }
    for (int nr = 0; nr < NUMBERS; nr++)
        add_range(m, (uint32_t)nr, to[nr]);
    add_range(m, NUMBERS, allow);
    if (seccomp_arch_native() != SCMP_ARCH_X86_64)
        return;
    add_range(m, X32_BIT, to_return(m, SECCOMP_RET_KILL_PROCESS));
    add_range(m, UINT32_MAX, allow); /* -1: a call that a tracer has taken away */
}

/* How often the kernel will ask for a number below the range. */
static int64_t weight_below(const struct making *m, int i)
{
    int64_t first = m->ranges[i].first;
    return first < KERNEL_NUMBERS ? first : KERNEL_NUMBERS + i;
}

/* Steps for the ranges [from, to), and where they begin. */
static int put_tree(struct making *m, int from, int to, int depth)
{
    if (to - from == 1)
        return m->ranges[from].to;
    assert(depth < DEPTH_MAX);
    int middle = from + 1;
    int64_t end = to < m->n_ranges ? weight_below(m, to) : KERNEL_NUMBERS + m->n_ranges;
    int64_t half = (weight_below(m, from) + end) / 2;
    while (middle + 1 < to && weight_below(m, middle) < half)
        middle++;
    int at = put(m, BPF_JMP | BPF_JGE | BPF_K, m->ranges[middle].first, 0, 0);
    int no = put_tree(m, from, middle, depth + 1);
    int yes = put_tree(m, middle, to, depth + 1);
    m->steps[at].no = no;
    m->steps[at].yes = yes;
    return at;
}

/* --- arguments ---------------------------------------------------------------------------- */

static void put_load(struct making *m, unsigned arg, bool is_high)
{
    /* little-endian, as every machine here */
    size_t at = offsetof(struct seccomp_data, args) + 8 * (size_t)arg + (is_high ? 4 : 0);
    (void)put(m, BPF_LD | BPF_W | BPF_ABS, (uint32_t)at, 0, 0);
}

/* The jump's other way leads to the step behind it. */
static void put_test(struct making *m, const struct box_rule *r)
{
    int hit = to_return(m, r->action);
    if (r->when == BOX_UNLESS && r->mask == UINT32_MAX) {
        put_load(m, r->arg, true);
        (void)put(m, BPF_JMP | BPF_JEQ | BPF_K, 0, m->n_steps + 1, hit);
    }
    put_load(m, r->arg, false);
    if (r->mask != UINT32_MAX && r->when != BOX_IF_ANY)
        (void)put(m, BPF_ALU | BPF_AND | BPF_K, r->mask, 0, 0);
    int next = m->n_steps + 1;
    if (r->when == BOX_IF_ANY)
        (void)put(m, BPF_JMP | BPF_JSET | BPF_K, r->mask, hit, next);
    else if (r->when == BOX_IF_EQUAL)
        (void)put(m, BPF_JMP | BPF_JEQ | BPF_K, r->value, hit, next);
    else
        (void)put(m, BPF_JMP | BPF_JEQ | BPF_K, r->value, next, hit);
}

static void put_blocks(struct making *m)
{
    for (int b = 0; b < m->n_blocks; b++) {
        m->block_at[b] = m->n_steps;
        for (int64_t i = 0; i < m->n_rules; i++)
            if (m->rules[i].nr == m->block_nr[b])
                put_test(m, &m->rules[i]);
        (void)put(m, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
    }
}

/* --- the whole ---------------------------------------------------------------------------- */

/* How many steps to skip. */
static uint8_t distance(const struct making *m, int from, int to)
{
    if (to >= TO_BLOCK)
        to = m->block_at[to - TO_BLOCK];
    else if (to >= TO_RETURN)
        to = m->n_steps + to - TO_RETURN;
    assert(to > from);
    assert(to - from - 1 <= UINT8_MAX);
    return (uint8_t)(to - from - 1);
}

static void write_out(const struct making *m, struct sock_filter *at)
{
    for (int i = 0; i < m->n_steps; i++) {
        const struct step *s = &m->steps[i];
        bool is_jump = BPF_CLASS(s->code) == BPF_JMP;
        at[i] = (struct sock_filter){.code = s->code,
                                     .jt = is_jump ? distance(m, i, s->yes) : 0,
                                     .jf = is_jump ? distance(m, i, s->no) : 0,
                                     .k = s->k};
    }
    for (int i = 0; i < m->n_returns; i++)
        at[m->n_steps + i] = (struct sock_filter){.code = BPF_RET | BPF_K, .k = m->returns[i]};
}

bool box_filter_make(const struct box_rule *rules, int64_t n_rules, struct sock_fprog *out,
                     struct arena *keep, struct err *e)
{
    struct making m = {.rules = rules, .n_rules = n_rules};
    int kill = to_return(&m, SECCOMP_RET_KILL_PROCESS);
    find_ranges(&m);
    (void)put(&m, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch), 0, 0);
    (void)put(&m, BPF_JMP | BPF_JEQ | BPF_K, seccomp_arch_native(), 2, kill);
    (void)put(&m, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
    if (!m.is_too_large)
        (void)put_tree(&m, 0, m.n_ranges, 0);
    put_blocks(&m);
    if (m.is_too_large || m.n_steps + m.n_returns > STEPS_MAX)
        return FAIL(e, ERR_UNSUPPORTED, "seccomp: a filter of more than %d steps", STEPS_MAX);
    struct sock_filter *at = NEW(keep, struct sock_filter, m.n_steps + m.n_returns);
    write_out(&m, at);
    *out = (struct sock_fprog){.len = (unsigned short)(m.n_steps + m.n_returns), .filter = at};
    return true;
}
