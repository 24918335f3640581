#include "graders/math/expr.h"

#include <assert.h>

#include "base/limits.h"

/* Nodes lie in one array that doubles; what an older copy of it held stays valid in the arena, so a
 * borrowed number never dangles. A hash table of node indexes finds the equal node. Numbers are
 * FLINT's: small ones lie inside the node, big ones on FLINT's heap, which is why a graph is
 * closed.
 */
struct node {
    fmpq number[1];
    uint64_t hash;
    uint64_t free; /* of symbols, see expr_free */
    struct str name;
    const int32_t *args;
    int32_t n_args;
    int32_t which;
    int32_t decimals;
    int32_t has;
    int32_t depth;
    int32_t memo; /* of expr_replace, good while stamp is the graph's */
    uint32_t stamp;
    enum expr_op op;
};

struct exprs {
    struct arena *mem;
    struct node *nodes;
    int32_t n;
    int32_t cap;
    int32_t *table; /* 1 + index, 0 is free; n_table is a power of two above 2n */
    int32_t n_table;
    int32_t n_symbols;
    uint32_t stamp;
};

enum { FIRST_NODES = 64, MAX_DEPTH = 4 * LIMIT_MATH_DEPTH, FOLD_BITS = 4096 };

struct exprs *exprs_open(struct arena *mem)
{
    struct exprs *x = NEW(mem, struct exprs, 1);
    *x = (struct exprs){.mem = mem, .cap = FIRST_NODES, .n_table = 4 * FIRST_NODES};
    x->nodes = NEW(mem, struct node, x->cap);
    x->table = NEW(mem, int32_t, x->n_table);
    return x;
}

void exprs_close(struct exprs *x)
{
    if (x == NULL)
        return;
    for (int32_t i = 0; i < x->n; i++)
        if (x->nodes[i].op == EXPR_NUMBER)
            fmpq_clear(x->nodes[i].number);
    x->n = 0;
}

/* ------------------------------------------------------------------------------- reading */

static const struct node *node_of(const struct exprs *x, int32_t e)
{
    assert(e >= 0);
    assert(e < x->n);
    return &x->nodes[e];
}

enum expr_op expr_op(const struct exprs *x, int32_t e)
{
    return node_of(x, e)->op;
}

int32_t expr_which(const struct exprs *x, int32_t e)
{
    return node_of(x, e)->which;
}

struct str expr_name(const struct exprs *x, int32_t e)
{
    return node_of(x, e)->name;
}

int32_t expr_n_args(const struct exprs *x, int32_t e)
{
    return node_of(x, e)->n_args;
}

int32_t expr_arg(const struct exprs *x, int32_t e, int32_t i)
{
    const struct node *p = node_of(x, e);
    assert(i >= 0);
    assert(i < p->n_args);
    return p->args[i];
}

const fmpq *expr_number(const struct exprs *x, int32_t e)
{
    const struct node *p = node_of(x, e);
    assert(p->op == EXPR_NUMBER);
    return p->number;
}

int32_t expr_decimals(const struct exprs *x, int32_t e)
{
    return node_of(x, e)->decimals;
}

int32_t expr_has(const struct exprs *x, int32_t e)
{
    return node_of(x, e)->has;
}

uint64_t expr_free(const struct exprs *x, int32_t e)
{
    return node_of(x, e)->free;
}

int32_t expr_depth(const struct exprs *x, int32_t e)
{
    return node_of(x, e)->depth;
}

int32_t exprs_count(const struct exprs *x)
{
    return x->n;
}

struct arena exprs_tmp(const struct exprs *x)
{
    return *x->mem;
}

bool expr_is_call(const struct exprs *x, int32_t e, enum expr_function f)
{
    return expr_is(x, e, EXPR_CALL) && expr_which(x, e) == (int32_t)f;
}

bool expr_is_constant(const struct exprs *x, int32_t e, enum expr_constant c)
{
    return expr_is(x, e, EXPR_CONSTANT) && expr_which(x, e) == (int32_t)c;
}

bool expr_get_int(const struct exprs *x, int32_t e, int64_t *out)
{
    if (!expr_is(x, e, EXPR_NUMBER))
        return false;
    const fmpq *q = expr_number(x, e);
    if (!fmpz_is_one(fmpq_denref(q)) || !fmpz_fits_si(fmpq_numref(q)))
        return false;
    *out = fmpz_get_si(fmpq_numref(q));
    return true;
}

bool expr_is_int(const struct exprs *x, int32_t e, int64_t v)
{
    int64_t got;
    return expr_get_int(x, e, &got) && got == v;
}

bool expr_is_scalar(const struct exprs *x, int32_t e)
{
    return (expr_has(x, e) & EXPR_HAS_COLLECTION) == 0;
}

/* --------------------------------------------------------------------------- the equal node */

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9e3779b97f4a7c15U;
    return h ^ (h >> 29);
}

static uint64_t hash_fmpz(uint64_t h, const fmpz_t v)
{
    enum { SMALL = 62 };
    if (fmpz_bits(v) < SMALL)
        return mix(h, (uint64_t)fmpz_get_si(v));
    h = mix(h, (uint64_t)fmpz_sgn(v) + fmpz_bits(v));
    return mix(h, fmpz_fdiv_ui(v, 0xffffffffffffffc5U)); /* the largest prime below 2^64 */
}

static uint64_t hash_node(const struct node *p)
{
    uint64_t h = mix((uint64_t)p->op, (uint64_t)(uint32_t)p->which);
    h = mix(h, (uint64_t)(uint32_t)p->decimals);
    for (int32_t i = 0; i < p->n_args; i++)
        h = mix(h, (uint64_t)(uint32_t)p->args[i]);
    for (int64_t i = 0; i < p->name.n; i++)
        h = mix(h, (unsigned char)p->name.at[i]);
    if (p->op == EXPR_NUMBER)
        h = hash_fmpz(hash_fmpz(h, fmpq_numref(p->number)), fmpq_denref(p->number));
    return h;
}

static bool is_same(const struct node *a, const struct node *b)
{
    if (a->hash != b->hash || a->op != b->op || a->which != b->which || a->n_args != b->n_args ||
        a->decimals != b->decimals || !str_eq(a->name, b->name))
        return false;
    for (int32_t i = 0; i < a->n_args; i++)
        if (a->args[i] != b->args[i])
            return false;
    return a->op != EXPR_NUMBER || fmpq_equal(a->number, b->number);
}

static int32_t *slot_of(struct exprs *x, const struct node *p)
{
    uint64_t mask = (uint64_t)x->n_table - 1;
    for (uint64_t i = p->hash & mask;; i = (i + 1) & mask)
        if (x->table[i] == 0 || is_same(&x->nodes[x->table[i] - 1], p))
            return &x->table[i];
}

static void grow(struct exprs *x)
{
    struct node *more = NEW(x->mem, struct node, 2 * (int64_t)x->cap);
    memcpy(more, x->nodes, (size_t)x->n * sizeof *more);
    x->nodes = more;
    x->cap *= 2;
    x->n_table *= 2;
    x->table = NEW(x->mem, int32_t, x->n_table);
    uint64_t mask = (uint64_t)x->n_table - 1;
    for (int32_t k = 0; k < x->n; k++) {
        uint64_t i = x->nodes[k].hash & mask;
        while (x->table[i] != 0)
            i = (i + 1) & mask;
        x->table[i] = k + 1;
    }
}

/* The node like p, which is taken: its number is moved or cleared. args and name are copied. */
static int32_t intern(struct exprs *x, struct node *p)
{
    p->hash = hash_node(p);
    int32_t *slot = slot_of(x, p);
    if (*slot != 0 || x->n >= LIMIT_MATH_NODES || p->depth > MAX_DEPTH) {
        if (p->op == EXPR_NUMBER)
            fmpq_clear(p->number);
        return *slot - 1; /* EXPR_NONE where there is none */
    }
    if (p->n_args > 0) {
        int32_t *args = NEW(x->mem, int32_t, p->n_args);
        memcpy(args, p->args, (size_t)p->n_args * sizeof *args);
        p->args = args;
    }
    if (p->name.n > 0)
        p->name = arena_str(x->mem, p->name);
    x->nodes[x->n] = *p;
    *slot = ++x->n;
    int32_t made = x->n - 1;
    if (x->n == x->cap)
        grow(x);
    return made;
}

/* ------------------------------------------------------------------------------- numbers */

static int64_t bits_of(const fmpq_t v)
{
    return (int64_t)fmpz_bits(fmpq_numref(v)) + (int64_t)fmpz_bits(fmpq_denref(v));
}

static int32_t make_number(struct exprs *x, struct node *p, int32_t decimals)
{
    p->op = EXPR_NUMBER;
    p->decimals = decimals;
    p->has = decimals == EXPR_EXACT ? 0 : EXPR_HAS_DECIMAL;
    if (bits_of(p->number) > LIMIT_MATH_BITS) {
        fmpq_clear(p->number);
        return EXPR_NONE;
    }
    return intern(x, p);
}

int32_t expr_fmpq(struct exprs *x, const fmpq_t v, int32_t decimals)
{
    struct node p = {0};
    fmpq_init(p.number);
    fmpq_set(p.number, v);
    return make_number(x, &p, decimals);
}

int32_t expr_ratio(struct exprs *x, int64_t p, int64_t q)
{
    assert(q != 0);
    struct node node = {0};
    fmpq_init(node.number);
    fmpz_set_si(fmpq_numref(node.number), p);
    fmpz_set_si(fmpq_denref(node.number), q);
    fmpq_canonicalise(node.number);
    return make_number(x, &node, EXPR_EXACT);
}

int32_t expr_int(struct exprs *x, int64_t v)
{
    return expr_ratio(x, v, 1);
}

int32_t expr_digits(struct exprs *x, struct str digits)
{
    enum { TINY = 18 };
    struct node p = {0};
    int64_t n_after = -1;
    int64_t n = 0;
    if (digits.n > LIMIT_ANSWER_BYTES)
        return EXPR_NONE;
    struct arena tmp = *x->mem;
    char *plain = arena_take(&tmp, digits.n + 1, 1, 1);
    for (int64_t i = 0; i < digits.n; i++) {
        if (digits.at[i] == '.') {
            assert(n_after < 0);
            n_after = 0;
            continue;
        }
        assert(digits.at[i] >= '0');
        assert(digits.at[i] <= '9');
        plain[n++] = digits.at[i];
        n_after += n_after >= 0;
    }
    assert(n > 0);
    fmpq_init(p.number);
    if (n <= TINY) {
        uint64_t v = 0;
        for (int64_t i = 0; i < n; i++)
            v = 10 * v + (uint64_t)(plain[i] - '0');
        fmpz_set_ui(fmpq_numref(p.number), v);
    } else {
        plain[n] = 0;
        (void)fmpz_set_str(fmpq_numref(p.number), plain, 10);
    }
    if (n_after > 0) {
        fmpz_set_ui(fmpq_denref(p.number), 10);
        fmpz_pow_ui(fmpq_denref(p.number), fmpq_denref(p.number), (ulong)n_after);
        fmpq_canonicalise(p.number);
    }
    return make_number(x, &p, n_after > 0 ? (int32_t)n_after : EXPR_EXACT);
}

/* ------------------------------------------------------------------------------ any other */

static int32_t has_of(const struct node *p)
{
    static const struct {
        enum expr_op op;
        int32_t has;
    } own[] = {
        {EXPR_PLUS_MINUS, EXPR_HAS_PLUS_MINUS},
        {EXPR_MEASURE, EXPR_HAS_MEASURE},
        {EXPR_DOTS, EXPR_HAS_DOTS},
        {EXPR_APPLY, EXPR_HAS_APPLY},
    };
    if (p->op >= EXPR_LIST)
        return EXPR_HAS_COLLECTION;
    if (p->op == EXPR_CONSTANT)
        return p->which == EXPR_I          ? EXPR_HAS_I
               : p->which >= EXPR_NATURALS ? EXPR_HAS_COLLECTION
                                           : 0;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (own[i].op == p->op)
            return own[i].has;
    return 0;
}

/* Symbols bound by a node: those of its second argument, for the four that bind. */
static uint64_t free_of(const struct exprs *x, const struct node *p)
{
    uint64_t own = 0;
    for (int32_t i = 0; i < p->n_args; i++)
        own |= x->nodes[p->args[i]].free;
    if ((p->op == EXPR_SUM || p->op == EXPR_PRODUCT) && p->n_args >= 2) {
        own = x->nodes[p->args[0]].free & ~x->nodes[p->args[1]].free;
        for (int32_t i = 2; i < p->n_args; i++)
            own |= x->nodes[p->args[i]].free;
    }
    if (p->op == EXPR_BUILDER && p->n_args == 2)
        own &= ~x->nodes[p->args[0]].free;
    if (p->op == EXPR_FOR_ALL && p->n_args == 2)
        own &= ~x->nodes[p->args[1]].free;
    return own;
}

static int32_t make_node(struct exprs *x, struct node *p)
{
    p->decimals = EXPR_EXACT;
    p->has = has_of(p);
    for (int32_t i = 0; i < p->n_args; i++) {
        if (p->args[i] == EXPR_NONE)
            return EXPR_NONE;
        const struct node *a = node_of(x, p->args[i]);
        p->has |= a->has & ~EXPR_HAS_SYMBOL;
        p->depth = a->depth >= p->depth ? a->depth + 1 : p->depth;
    }
    if (p->op != EXPR_SYMBOL)
        p->free = free_of(x, p);
    p->has |= p->free != 0 ? EXPR_HAS_SYMBOL : 0;
    return intern(x, p);
}

int32_t expr_constant(struct exprs *x, enum expr_constant c)
{
    return make_node(x, &(struct node){.op = EXPR_CONSTANT, .which = (int32_t)c});
}

int32_t expr_symbol(struct exprs *x, struct str name)
{
    enum { MASK_BITS = 64 };
    assert(name.n > 0);
    struct node p = {.op = EXPR_SYMBOL, .name = name, .free = 1, .decimals = EXPR_EXACT};
    p.hash = hash_node(&p);
    int32_t found = *slot_of(x, &p) - 1;
    if (found != EXPR_NONE)
        return found;
    int32_t bit = x->n_symbols < MASK_BITS ? x->n_symbols : MASK_BITS - 1;
    p.free = 1ULL << bit;
    x->n_symbols++;
    return make_node(x, &p);
}

/* --------------------------------------------------------------------- sums and products */

static void sort_ids(int32_t *at, int32_t n)
{
    for (int32_t i = 1; i < n; i++) { /* almost always short and nearly in order */
        int32_t v = at[i];
        int32_t k = i;
        for (; k > 0 && at[k - 1] > v; k--)
            at[k] = at[k - 1];
        at[k] = v;
    }
}

static int32_t without_repeats(int32_t *at, int32_t n)
{
    int32_t kept = 0;
    for (int32_t i = 0; i < n; i++)
        if (kept == 0 || at[kept - 1] != at[i])
            at[kept++] = at[i];
    return kept;
}

struct fold {
    fmpq number[1];
    int32_t *args;
    int32_t n;
    int32_t n_numbers;
    int32_t first_number; /* where there is one alone it is kept as written */
    bool is_full;
};

static void fold_in(const struct exprs *x, struct fold *f, enum expr_op op, int32_t e)
{
    if (expr_is(x, e, EXPR_NUMBER)) {
        f->first_number = f->n_numbers++ == 0 ? e : f->first_number;
        (op == EXPR_ADD ? fmpq_add : fmpq_mul)(f->number, f->number, expr_number(x, e));
        f->is_full |= bits_of(f->number) > LIMIT_MATH_BITS;
    } else if (f->n >= LIMIT_MATH_ARGS) {
        f->is_full = true;
    } else {
        f->args[f->n++] = e;
    }
}

static int32_t fold_end(struct exprs *x, struct fold *f, enum expr_op op)
{
    if (f->is_full)
        return EXPR_NONE;
    bool is_neutral = op == EXPR_ADD ? fmpq_is_zero(f->number) : fmpq_is_one(f->number);
    if (f->n_numbers > 0 && (f->n == 0 || !is_neutral)) {
        int32_t number = f->n_numbers == 1 ? f->first_number : expr_fmpq(x, f->number, EXPR_EXACT);
        if (f->n == 0 || number == EXPR_NONE)
            return number;
        if (f->n >= LIMIT_MATH_ARGS)
            return EXPR_NONE;
        f->args[f->n++] = number;
    }
    if (f->n == 1)
        return f->args[0];
    sort_ids(f->args, f->n);
    return make_node(x, &(struct node){.op = op, .args = f->args, .n_args = f->n});
}

/* A sum or product of all args, those of the same operation taken apart. */
static int32_t fold(struct exprs *x, enum expr_op op, const int32_t *args, int32_t n)
{
    struct fold f = {.first_number = EXPR_NONE};
    int64_t room = 1;
    for (int32_t i = 0; i < n; i++) {
        if (args[i] == EXPR_NONE)
            return EXPR_NONE;
        room += expr_is(x, args[i], op) ? expr_n_args(x, args[i]) : 1;
    }
    f.args = NEW(x->mem, int32_t, room < LIMIT_MATH_ARGS ? room : LIMIT_MATH_ARGS);
    fmpq_init(f.number);
    if (op == EXPR_MUL)
        fmpq_one(f.number);
    for (int32_t i = 0; i < n; i++) {
        if (!expr_is(x, args[i], op)) {
            fold_in(x, &f, op, args[i]);
            continue;
        }
        for (int32_t k = 0; k < expr_n_args(x, args[i]); k++)
            fold_in(x, &f, op, expr_arg(x, args[i], k));
    }
    int32_t made = fold_end(x, &f, op);
    fmpq_clear(f.number);
    return made;
}

int32_t expr_add(struct exprs *x, int32_t a, int32_t b)
{
    return fold(x, EXPR_ADD, (int32_t[]){a, b}, 2);
}

int32_t expr_mul(struct exprs *x, int32_t a, int32_t b)
{
    return fold(x, EXPR_MUL, (int32_t[]){a, b}, 2);
}

int32_t expr_neg(struct exprs *x, int32_t a)
{
    if (a == EXPR_NONE || !expr_is(x, a, EXPR_NUMBER))
        return expr_mul(x, expr_int(x, -1), a);
    struct node p = {0};
    fmpq_init(p.number);
    fmpq_neg(p.number, expr_number(x, a));
    return make_number(x, &p, expr_decimals(x, a));
}

int32_t expr_sub(struct exprs *x, int32_t a, int32_t b)
{
    return expr_add(x, a, expr_neg(x, b));
}

int32_t expr_div(struct exprs *x, int32_t a, int32_t b)
{
    return expr_mul(x, a, expr_pow(x, b, expr_int(x, -1)));
}

static int32_t fold_power(struct exprs *x, int32_t a, int64_t power)
{
    const fmpq *q = expr_number(x, a);
    if (power > FOLD_BITS || power < -FOLD_BITS ||
        bits_of(q) * (power < 0 ? -power : power) > FOLD_BITS)
        return EXPR_NONE;
    if (power == 0 || (power < 0 && fmpq_is_zero(q)))
        return EXPR_NONE;
    struct node p = {0};
    fmpq_init(p.number);
    fmpq_pow_si(p.number, q, power);
    return make_number(x, &p, EXPR_EXACT);
}

int32_t expr_pow(struct exprs *x, int32_t a, int32_t b)
{
    int64_t power;
    if (a == EXPR_NONE || b == EXPR_NONE)
        return EXPR_NONE;
    if (expr_get_int(x, b, &power)) {
        if (power == 1)
            return a;
        int32_t folded = expr_is(x, a, EXPR_NUMBER) ? fold_power(x, a, power) : EXPR_NONE;
        if (folded != EXPR_NONE)
            return folded;
    }
    return make_node(x, &(struct node){.op = EXPR_POW, .args = (int32_t[]){a, b}, .n_args = 2});
}

int32_t expr_sqrt(struct exprs *x, int32_t a)
{
    return expr_pow(x, a, expr_ratio(x, 1, 2));
}

int32_t expr_call(struct exprs *x, enum expr_function f, int32_t a)
{
    return expr_make(x, EXPR_CALL, (int32_t)f, STR(""), &a, 1);
}

int32_t expr_call2(struct exprs *x, enum expr_function f, int32_t a, int32_t b)
{
    return expr_make(x, EXPR_CALL, (int32_t)f, STR(""), (int32_t[]){a, b}, 2);
}

int32_t expr_make(struct exprs *x, enum expr_op op, int32_t which, struct str name,
                  const int32_t *args, int32_t n)
{
    assert(op != EXPR_NUMBER);
    assert(op != EXPR_SYMBOL);
    if (n > LIMIT_MATH_ARGS)
        return EXPR_NONE;
    if (op == EXPR_ADD || op == EXPR_MUL)
        return fold(x, op, args, n);
    if (op == EXPR_POW) {
        assert(n == 2);
        return expr_pow(x, args[0], args[1]);
    }
    struct node p = {.op = op, .which = which, .name = name, .args = args, .n_args = n};
    if (op == EXPR_SET || op == EXPR_UNION || op == EXPR_INTERSECTION) {
        int32_t *own = NEW(x->mem, int32_t, n + 1);
        if (n > 0)
            memcpy(own, args, (size_t)n * sizeof *own);
        sort_ids(own, n);
        p.args = own;
        p.n_args = without_repeats(own, n);
    }
    return make_node(x, &p);
}

/* ------------------------------------------------------------------------------- replace */

static int32_t replace(struct exprs *x, int32_t e, int32_t from, int32_t to)
{
    if (e == from)
        return to;
    const struct node *p = &x->nodes[e];
    if (p->n_args == 0)
        return e;
    if (p->stamp == x->stamp)
        return p->memo;
    const int32_t *old = p->args;
    int32_t n = p->n_args;
    int32_t *args = NEW(x->mem, int32_t, n);
    for (int32_t i = 0; i < n; i++)
        args[i] = replace(x, old[i], from, to); /* may move x->nodes */
    int32_t made = e;
    if (memcmp(args, old, (size_t)n * sizeof *args) != 0)
        made = expr_make(x, expr_op(x, e), expr_which(x, e), expr_name(x, e), args, n);
    x->nodes[e].memo = made;
    x->nodes[e].stamp = x->stamp;
    return made;
}

int32_t expr_replace(struct exprs *x, int32_t e, int32_t from, int32_t to)
{
    if (e == EXPR_NONE || to == EXPR_NONE)
        return EXPR_NONE;
    x->stamp++;
    return replace(x, e, from, to);
}
