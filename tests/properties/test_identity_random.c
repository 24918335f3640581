/* Random functions against rewrites that keep their meaning and changes that do not; random sets of
 * reals against a table of their members. The truth is known from how the pair was made; a pair
 * that fails is made again by its number and SEED. */
#include "base/rng.h"
#include "graders/math/region.h"
#include "tests/support/support.h"

enum { WORK = 50 * 1000 * 1000, PAIRS = 3000, SETS = 3000, LINES = 1000 };

static const char *const truths[] = {"equal", "probable", "different", "undefined", "unknown"};

/* A stream of choices: the same seed makes the same expression in any graph. */
struct dice {
    struct exprs *x;
    uint64_t seed;
    uint64_t stream;
    uint64_t n;
};

static uint64_t roll(struct dice *d, uint64_t below)
{
    return rng_below(d->seed, d->stream, d->n++, below);
}

static int32_t symbol(struct dice *d)
{
    static const char *const names[] = {"x", "y", "a", "n"};
    return expr_symbol(d->x, str_of(names[roll(d, 4)]));
}

static int32_t number(struct dice *d)
{
    return expr_ratio(d->x, (int64_t)roll(d, 19) - 9, 1 + (int64_t)roll(d, 4));
}

static int32_t positive(struct dice *d)
{
    return expr_ratio(d->x, 1 + (int64_t)roll(d, 9), 1 + (int64_t)roll(d, 3));
}

/* is_plain: a rational function. */
static int32_t grow(struct dice *d, int depth, bool is_plain)
{
    struct exprs *x = d->x;
    if (depth == 0)
        return roll(d, 3) == 0 ? number(d) : symbol(d);
    uint64_t kind = roll(d, is_plain ? 6 : 12);
    int32_t a = grow(d, depth - 1, is_plain);
    switch (kind) {
    case 0:
    case 1:
        return expr_add(x, a, grow(d, depth - 1, is_plain));
    case 2:
        return expr_mul(x, a, grow(d, depth - 1, is_plain));
    case 3:
        return expr_sub(x, a, grow(d, depth - 1, is_plain));
    case 4:
        return expr_pow(x, a, expr_int(x, 2 + (int64_t)roll(d, 2)));
    case 5:
        return expr_div(x, a, expr_add(x, symbol(d), positive(d)));
    case 6:
        return expr_call(x, EXPR_SIN, a);
    case 7:
        return expr_call(x, EXPR_ATAN, a);
    case 8:
        return expr_sqrt(x, expr_add(x, expr_pow(x, a, expr_int(x, 2)), positive(d)));
    case 9:
        return expr_call(x, EXPR_LN, expr_add(x, symbol(d), positive(d)));
    case 10:
        return expr_pow(x, expr_int(x, 2), expr_add(x, symbol(d), number(d)));
    default:
        return expr_mul(x, expr_sqrt(x, expr_int(x, 2 + (int64_t)roll(d, 4))), a);
    }
}

/* The same function, written otherwise. */
static int32_t rewrite(struct dice *d, int32_t e)
{
    struct exprs *x = d->x;
    int32_t u = expr_add(x, symbol(d), positive(d));
    int32_t two = expr_int(x, 2);
    int32_t half = expr_ratio(x, 1, 2);
    switch (roll(d, 8)) {
    case 0: /* (e u + e)/(u + 1) */
        return expr_div(x, expr_add(x, expr_mul(x, e, u), e), expr_add(x, u, expr_int(x, 1)));
    case 1: /* ((e + u)^2 - e^2 - u^2)/(2 u) */
        return expr_div(x,
                        expr_sub(x, expr_pow(x, expr_add(x, e, u), two),
                                 expr_add(x, expr_pow(x, e, two), expr_pow(x, u, two))),
                        expr_mul(x, two, u));
    case 2: /* e sin^2 u + e cos^2 u */
        return expr_add(x, expr_mul(x, e, expr_pow(x, expr_call(x, EXPR_SIN, u), two)),
                        expr_mul(x, e, expr_pow(x, expr_call(x, EXPR_COS, u), two)));
    case 3: /* e 2^(u + 1) / (2^u 2) */
        return expr_div(x, expr_mul(x, e, expr_pow(x, two, expr_add(x, u, expr_int(x, 1)))),
                        expr_mul(x, two, expr_pow(x, two, u)));
    case 4: /* e + u - sqrt(u) sqrt(u) */
        return expr_sub(x, expr_add(x, e, u), expr_mul(x, expr_sqrt(x, u), expr_sqrt(x, u)));
    case 5: /* e (sqrt 2 - 1)(sqrt 2 + 1) */
        return expr_mul(x, e,
                        expr_mul(x, expr_sub(x, expr_sqrt(x, two), expr_int(x, 1)),
                                 expr_add(x, expr_sqrt(x, two), expr_int(x, 1))));
    case 6: /* e + ln(u^2) - 2 ln u */
        return expr_sub(x, expr_add(x, e, expr_call(x, EXPR_LN, expr_pow(x, u, two))),
                        expr_mul(x, two, expr_call(x, EXPR_LN, u)));
    default: /* e/2 + (e + u)/2 - u/2 */
        return expr_add(x, expr_mul(x, half, e),
                        expr_sub(x, expr_mul(x, half, expr_add(x, e, u)), expr_mul(x, half, u)));
    }
}

/* Another function: something that is zero nowhere, or almost nowhere, is added. */
static int32_t change(struct dice *d, int32_t e)
{
    struct exprs *x = d->x;
    switch (roll(d, 4)) {
    case 0:
        return expr_add(x, e, positive(d));
    case 1:
        return expr_add(x, e, symbol(d));
    case 2:
        return expr_add(x, e, expr_ratio(x, 1, 1000000007));
    default:
        return expr_sub(x, e, expr_mul(x, positive(d), expr_pow(x, symbol(d), expr_int(x, 2))));
    }
}

/* Both sides in a graph of their own, the first one made first or last. */
static struct exact compare(uint64_t seed, uint64_t pair, bool is_same, bool is_turned)
{
    struct arena mem = {0};
    arena_init(&mem, "random", 64 << 20);
    struct exprs *x = exprs_open(&mem);
    struct dice d = {.x = x, .seed = seed, .stream = pair};
    struct budget budget = {.work = WORK};
    if (is_turned) { /* other nodes first: order of age must not matter */
        (void)expr_symbol(x, STR("n"));
        (void)expr_symbol(x, STR("a"));
    }
    int32_t a = grow(&d, 1 + (int)roll(&d, 3), pair % 2 == 0);
    int32_t b = rewrite(&d, a);
    if (roll(&d, 2) == 0)
        b = rewrite(&d, b);
    if (!is_same)
        b = change(&d, b);
    struct exact got =
        is_turned ? identity_compare(x, b, a, &budget) : identity_compare(x, a, b, &budget);
    if (got.truth == (is_same ? EXACT_DIFFERENT : EXACT_EQUAL) ||
        (!is_same && got.truth == EXACT_PROBABLE)) {
        cr_expect(false, "pair %lu, same %d: %s (%s)", (unsigned long)pair, is_same,
                  truths[got.truth], got.method);
    }
    exprs_close(x);
    arena_fini(&mem);
    return got;
}

Test(identity_random, rewrites_are_equal_and_changes_are_not)
{
    uint64_t seed = support_seed(20261125);
    int n_open[2] = {0, 0};
    int n = SUPPORT_SIZE(PAIRS);
    for (int pair = 0; pair < n; pair++)
        for (int is_same = 0; is_same < 2; is_same++) {
            struct exact one = compare(seed, (uint64_t)pair, is_same, false);
            struct exact other = compare(seed, (uint64_t)pair, is_same, true);
            cr_expect(one.truth == other.truth, "pair %d, same %d: %s (%s), turned %s (%s)", pair,
                      is_same, truths[one.truth], one.method, truths[other.truth], other.method);
            n_open[is_same] += one.truth == EXACT_UNKNOWN || one.truth == EXACT_UNDEFINED;
        }
    cr_expect(n_open[0] * 50 < n && n_open[1] * 50 < n, "undecided: %d changes, %d rewrites of %d",
              n_open[0], n_open[1], n);
}

/* ----------------------------------------------------------------------------- sets of reals */

enum {
    REACH = 5,
    MEMBERS = 4 * REACH + 3
}; /* -inf side, then halves from -REACH to REACH, inf side */

struct members {
    bool has[MEMBERS];
};

/* The member `i` stands for: -REACH - 1/2, -REACH, -REACH + 1/2, ... in halves. */
static int place_of(int i)
{
    return i - (2 * REACH + 1);
}

static struct members range(int from, int to, bool open_from, bool open_to)
{
    struct members m = {{0}};
    for (int i = 0; i < MEMBERS; i++) {
        int at = place_of(i);
        m.has[i] = (at > from || (at == from && !open_from)) && (at < to || (at == to && !open_to));
    }
    return m;
}

static int32_t leaf(struct dice *d, struct members *m)
{
    struct exprs *x = d->x;
    int64_t from = (int64_t)roll(d, 2 * REACH) - REACH;
    int64_t to = from + 1 + (int64_t)roll(d, (uint64_t)(REACH - from));
    bool open_from = roll(d, 2) == 0;
    bool open_to = roll(d, 2) == 0;
    int32_t ends[2] = {expr_int(x, from), expr_int(x, to)};
    switch (roll(d, 5)) {
    case 0: /* a point */
        *m = range((int)(2 * from), (int)(2 * from), false, false);
        return expr_make(x, EXPR_SET, 0, STR(""), ends, 1);
    case 1: /* a ray */
        *m = range((int)(2 * from), MEMBERS, open_from, true);
        ends[1] = expr_constant(x, EXPR_INFINITY);
        return expr_make(x, EXPR_INTERVAL, EXPR_OPEN_TO | (open_from ? EXPR_OPEN_FROM : 0), STR(""),
                         ends, 2);
    case 2: { /* {x | (x - from)(x - to) < 0}, or <= */
        int32_t s = expr_symbol(x, STR("x"));
        int32_t product = expr_mul(x, expr_sub(x, s, ends[0]), expr_sub(x, s, ends[1]));
        int32_t sides[2] = {product, expr_int(x, 0)};
        char op = open_from ? EXPR_LT : EXPR_LE;
        int32_t parts[2] = {s, expr_make(x, EXPR_RELATION, 0, (struct str){&op, 1}, sides, 2)};
        *m = range((int)(2 * from), (int)(2 * to), open_from, open_from);
        return expr_make(x, EXPR_BUILDER, 0, STR(""), parts, 2);
    }
    default:
        *m = range((int)(2 * from), (int)(2 * to), open_from, open_to);
        return expr_make(x, EXPR_INTERVAL,
                         (open_from ? EXPR_OPEN_FROM : 0) | (open_to ? EXPR_OPEN_TO : 0), STR(""),
                         ends, 2);
    }
}

static int32_t set(struct dice *d, int depth, struct members *m)
{
    static const enum expr_op ops[] = {EXPR_UNION, EXPR_INTERSECTION, EXPR_DIFFERENCE};
    if (depth == 0)
        return leaf(d, m);
    struct members other;
    enum expr_op op = ops[roll(d, 3)];
    int32_t parts[2] = {set(d, depth - 1, m), EXPR_NONE};
    parts[1] = set(d, depth - 1, &other);
    for (int i = 0; i < MEMBERS; i++)
        m->has[i] = op == EXPR_UNION          ? m->has[i] || other.has[i]
                    : op == EXPR_INTERSECTION ? m->has[i] && other.has[i]
                                              : m->has[i] && !other.has[i];
    return expr_make(d->x, op, 0, STR(""), parts, 2);
}

/* The plainest set with these members: single points and open unit steps. */
static int32_t plain_set(struct exprs *x, const struct members *m)
{
    int32_t parts[MEMBERS];
    int32_t n = 0;
    for (int i = 0; i < MEMBERS; i++) {
        int at = place_of(i);
        int32_t ends[2] = {expr_int(x, (at - 1) / 2), expr_int(x, (at + 1) / 2)};
        if (!m->has[i])
            continue;
        if (at % 2 == 0) {
            ends[0] = expr_int(x, at / 2);
            parts[n++] = expr_make(x, EXPR_SET, 0, STR(""), ends, 1);
            continue;
        }
        if (i == 0)
            ends[0] = expr_neg(x, expr_constant(x, EXPR_INFINITY));
        if (i == MEMBERS - 1)
            ends[1] = expr_constant(x, EXPR_INFINITY);
        parts[n++] = expr_make(x, EXPR_INTERVAL, EXPR_OPEN_FROM | EXPR_OPEN_TO, STR(""), ends, 2);
    }
    return n == 0   ? expr_make(x, EXPR_SET, 0, STR(""), parts, 0)
           : n == 1 ? parts[0]
                    : expr_make(x, EXPR_UNION, 0, STR(""), parts, n);
}

Test(identity_random, sets_are_equal_when_their_members_are)
{
    uint64_t seed = support_seed(20261126);
    for (int pair = 0; pair < SUPPORT_SIZE(SETS); pair++) {
        struct arena mem = {0};
        arena_init(&mem, "random", 64 << 20);
        struct exprs *x = exprs_open(&mem);
        struct dice d = {.x = x, .seed = seed, .stream = (uint64_t)pair};
        struct budget budget = {.work = WORK};
        struct members has;
        struct members flipped;
        int32_t a = set(&d, 1 + (int)roll(&d, 3), &has);
        struct exact got = region_compare(x, a, plain_set(x, &has), &budget);
        cr_expect(got.truth == EXACT_EQUAL, "pair %d: %s (%s)", pair, truths[got.truth],
                  got.method);
        flipped = has;
        int at = (int)roll(&d, MEMBERS);
        flipped.has[at] = !flipped.has[at];
        got = region_compare(x, plain_set(x, &flipped), a, &budget);
        cr_expect(got.truth == EXACT_DIFFERENT, "pair %d: %s (%s)", pair, truths[got.truth],
                  got.method);
        exprs_close(x);
        arena_fini(&mem);
    }
}

/* -------------------------------------------------------------------------------- statements */

static int32_t relation(struct exprs *x, char op, int32_t left, int32_t right)
{
    return expr_make(x, EXPR_RELATION, 0, (struct str){&op, 1}, (int32_t[]){left, right}, 2);
}

/* times (a x + b y) op times c + move, the move on both sides. */
static int32_t line(struct exprs *x, const int64_t *c, int32_t times, int32_t move, char op)
{
    int32_t left = expr_add(x, expr_mul(x, expr_int(x, c[0]), expr_symbol(x, STR("x"))),
                            expr_mul(x, expr_int(x, c[1]), expr_symbol(x, STR("y"))));
    return relation(x, op, expr_add(x, expr_mul(x, times, left), move),
                    expr_add(x, expr_mul(x, times, expr_int(x, c[2])), move));
}

Test(identity_random, lines_and_half_planes_are_told_apart)
{
    uint64_t seed = support_seed(20261127);
    for (int pair = 0; pair < SUPPORT_SIZE(LINES); pair++) {
        struct arena mem = {0};
        arena_init(&mem, "random", 64 << 20);
        struct exprs *x = exprs_open(&mem);
        struct dice d = {.x = x, .seed = seed, .stream = (uint64_t)pair};
        struct budget budget = {.work = WORK};
        int64_t c[3] = {1 + (int64_t)roll(&d, 5), 1 + (int64_t)roll(&d, 5), (int64_t)roll(&d, 9)};
        int64_t other[3] = {c[0], -c[1], c[2]};
        bool is_equation = roll(&d, 2) == 0;
        bool is_minus = roll(&d, 2) == 0;
        int32_t times = is_minus ? expr_neg(x, positive(&d)) : positive(&d);
        char op = is_equation ? EXPR_EQ : EXPR_LT;
        char turned = is_equation ? EXPR_EQ : is_minus ? EXPR_GT : EXPR_LT;
        int32_t move = grow(&d, 1, true);
        int32_t a = line(x, c, expr_int(x, 1), expr_int(x, 0), op);
        int32_t same = line(x, c, times, move, turned);
        int32_t apart = line(x, other, times, move, turned);
        struct exact got = relation_compare(x, a, same, &budget);
        cr_expect(got.truth == EXACT_EQUAL || expr_free(x, same) != expr_free(x, a),
                  "pair %d: %s (%s)", pair, truths[got.truth], got.method);
        got = relation_compare(x, apart, a, &budget);
        cr_expect(got.truth == EXACT_DIFFERENT || expr_free(x, apart) != expr_free(x, a),
                  "pair %d: %s (%s)", pair, truths[got.truth], got.method);
        exprs_close(x);
        arena_fini(&mem);
    }
}
