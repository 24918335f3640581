#include "graders/math/identity_probe.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"

enum {
    FIRST_PREC = 64,
    PLAIN_PREC = 256,
    MAX_PREC = 4096,
    ENOUGH_BITS = 64, /* of agreement at one point */
    NEED_SMOOTH = 3,  /* points of a group, where the functions are analytic */
    NEED_STEPPED = 12,
};

slong probe_precision(const struct vars *v)
{
    return v->bits > MAX_PREC / 2 ? 0 : PLAIN_PREC + 2 * (slong)v->bits;
}

/* ------------------------------------------------------------------------------ the points */

/* Whole numbers are also where a floor or a ceiling of anything has its steps. */
static bool is_whole(const struct vars *v, int32_t i, enum probe_group group)
{
    bool is_wanted = (v->use[i] & VAR_NAMED) != 0 || v->is_stepped;
    return (v->use[i] & VAR_WHOLE) != 0 || (group == PROBE_WHOLE && is_wanted);
}

/* Near every number that is written in a function there may be a step: each has its turn. Of whole
 * numbers many are needed too, (-1)^n and (-1)^(n(n+1)/2) agree at every other one. */
static int points_needed(const struct vars *v)
{
    enum { EACH = 8 };
    bool has_whole = false;
    for (int32_t i = 0; i < v->n; i++)
        has_whole |= (v->use[i] & VAR_WHOLE) != 0;
    if (v->is_stepped)
        return NEED_STEPPED + EACH * v->n_scales;
    return has_whole ? NEED_STEPPED : NEED_SMOOTH;
}

static int64_t whole_value(const struct vars *v, enum probe_group group, uint64_t t, uint64_t u)
{
    enum { SMALL = 3, NEAR = 12, FAR = 200, LOOP = 10 };
    static const double farthest = 1e15;
    if (group == PROBE_SMALL)
        return (int64_t)(u % SMALL);
    if (v->is_stepped && v->n_scales > 0 && t % 2 == 1) { /* where remainders begin again */
        double near = v->scale[(t / 2) % (uint64_t)v->n_scales];
        if (near < farthest)
            return (int64_t)near * (1 + (int64_t)(u % 3)) + (int64_t)((u >> 8) % 3) - 1;
    }
    if (v->has_loop)
        return SMALL + (int64_t)(u % LOOP);
    return SMALL + (int64_t)(u % (t % 3 == 2 ? FAR : NEAR));
}

/* A size between 2^-3 and 2^10, or near a number that is written in one of the functions. */
static double real_size(const struct vars *v, uint64_t t, uint64_t u)
{
    static const int power[] = {0, 1, -1, 0, 3, -3, 6, 10};
    enum { N = sizeof power / sizeof *power, FRACTION = 1 << 16, SIDES = 4 };
    double part = 1 + (double)(u % FRACTION) / FRACTION;
    if (v->is_stepped && v->n_scales > 0 &&
        t % 2 == 1) { /* each scale and its inverse, above and below */
        uint64_t slot = (t / 2) % (SIDES * (uint64_t)v->n_scales);
        double near = v->scale[slot / SIDES];
        double half = slot % 2 == 0 ? 1 : 0.5;
        return slot % SIDES < 2 ? near * part * half : part * half / near;
    }
    if (v->n_scales > 0 && !v->is_stepped && t > NEED_SMOOTH && t % 3 != 0)
        return v->scale[(u >> 40) % (uint64_t)v->n_scales] * part * ((u >> 48) % 4 == 0 ? 0.5 : 1);
    return ldexp(part, power[(t + (u >> 56) % 2) % N]);
}

static void real_value(const struct vars *v, enum probe_group group, uint64_t t, uint64_t u,
                       fmpq_t out)
{
    enum { BITS = 20 };
    int power = 0;
    double part = frexp(real_size(v, t, u), &power);
    power -= BITS;
    fmpz_set_d(fmpq_numref(out), ldexp(part, BITS));
    fmpz_one(fmpq_denref(out));
    fmpz_mul_2exp(power < 0 ? fmpq_denref(out) : fmpq_numref(out),
                  power < 0 ? fmpq_denref(out) : fmpq_numref(out), (ulong)abs(power));
    fmpq_canonicalise(out);
    if (group == PROBE_SIGNED && ((u >> 20) % 2 == 0 || v->n == 1))
        fmpq_neg(out, out);
}

/* What a value at steps is a multiple of: whole numbers for letters that mean them; for others also
 * halves, thirds and the sizes that are written, where \lfloor x + 1/2 \rfloor has its steps. */
static ulong step_of(const struct vars *v, int32_t i, uint64_t t)
{
    enum { PLAIN = 4, LARGEST = 1 << 20 };
    if ((v->use[i] & (VAR_WHOLE | VAR_NAMED)) != 0)
        return 1;
    uint64_t k = t % (uint64_t)(PLAIN + v->n_scales);
    double size = k < PLAIN ? (double)(k + 1) : v->scale[k - PLAIN];
    return size < LARGEST ? (ulong)size : 1;
}

void probe_point(struct point *p, enum probe_group group, uint64_t t)
{
    struct vars *v = p->vars;
    p->is_complex = v->is_complex || group == PROBE_COMPLEX || group == PROBE_BRANCH;
    for (int32_t i = 0; i < v->n; i++) {
        uint64_t stream = rng_mix(v->name[i], (uint64_t)v->same[i]);
        uint64_t u = rng_u64(v->seed, stream, t * PROBE_GROUPS + (uint64_t)group);
        fmpq_zero(&p->im[i]);
        if (is_whole(v, i, group)) {
            fmpq_set_si(&p->re[i], whole_value(v, group, t, u), step_of(v, i, t));
            fmpq_canonicalise(&p->re[i]);
            continue;
        }
        real_value(v, group, t, u, &p->re[i]);
        if (group == PROBE_COMPLEX)
            real_value(v, PROBE_SIGNED, t, rng_mix(u, 1), &p->im[i]);
    }
}

static bool is_in(const struct vars *v, enum probe_group group)
{
    bool has_real = false;
    bool has_named = false;
    bool has_whole = false;
    for (int32_t i = 0; i < v->n; i++) {
        bool whole = (v->use[i] & VAR_WHOLE) != 0;
        has_whole |= whole;
        has_real |= !whole;
        has_named |= !whole && (v->use[i] & VAR_NAMED) != 0;
    }
    switch (group) {
    case PROBE_POSITIVE:
        return true;
    case PROBE_SIGNED:
        return has_real;
    case PROBE_WHOLE:
        return has_named || (v->is_stepped && has_real);
    case PROBE_SMALL:
        return has_whole;
    case PROBE_COMPLEX:
        return v->has_parts && has_real;
    default:
        return false;
    }
}

/* ------------------------------------------------------------------------------ at a point */

enum meet { MEET_APART, MEET_TOGETHER, MEET_NOWHERE };

/* How many bits of two overlapping balls are known to be the same. */
static int64_t common_bits(const acb_t a, const acb_t b)
{
    acb_t diff;
    acb_init(diff);
    acb_sub(diff, a, b, FIRST_PREC);
    mag_t far;
    mag_t size;
    mag_init(far);
    mag_init(size);
    acb_get_mag(far, diff);
    acb_get_mag(size, a);
    double bits = MAX_PREC;
    if (!mag_is_zero(far))
        bits = fmax(0, mag_get_d_log2_approx(size)) - mag_get_d_log2_approx(far);
    mag_clear(far);
    mag_clear(size);
    acb_clear(diff);
    return bits > MAX_PREC ? MAX_PREC : (int64_t)bits;
}

static enum meet meet_at(struct point *p, int32_t a, int32_t b, slong prec, int64_t *bits)
{
    acb_t left;
    acb_t right;
    acb_init(left);
    acb_init(right);
    enum meet meet = MEET_NOWHERE;
    *bits = 0;
    if (point_ball(p, a, left, prec) && point_ball(p, b, right, prec)) {
        meet = acb_overlaps(left, right) ? MEET_TOGETHER : MEET_APART;
        if (meet == MEET_TOGETHER)
            *bits = common_bits(left, right);
    }
    acb_clear(left);
    acb_clear(right);
    return meet;
}

static enum meet meet(struct point *p, int32_t a, int32_t b, int64_t *bits)
{
    enum { MORE = 4 };
    if (meet_at(p, a, b, FIRST_PREC, bits) == MEET_APART)
        return MEET_APART;
    slong prec = probe_precision(p->vars);
    if (prec == 0)
        return MEET_NOWHERE;
    enum meet end = meet_at(p, a, b, prec, bits);
    if (end == MEET_TOGETHER && *bits < ENOUGH_BITS)
        end = meet_at(p, a, b, MORE * prec, bits);
    return end == MEET_TOGETHER && *bits < ENOUGH_BITS ? MEET_NOWHERE : end;
}

/* ----------------------------------------------------------------------------- in a group */

struct tally {
    int together;
    int apart;
    int64_t bits; /* the least agreement */
};

static struct tally tally_group(struct vars *v, enum probe_group group, int32_t a, int32_t b)
{
    struct tally all = {.bits = MAX_PREC};
    int need = points_needed(v);
    struct point p;
    point_init(&p, v);
    for (uint64_t t = 0; t < 8 + 4 * (uint64_t)need && all.together + all.apart < need; t++) {
        int64_t bits;
        probe_point(&p, group, t);
        enum meet end = meet(&p, a, b, &bits);
        all.apart += end == MEET_APART;
        all.together += end == MEET_TOGETHER;
        if (end == MEET_TOGETHER && bits < all.bits)
            all.bits = bits;
        if (v->budget->work < 0)
            break;
    }
    point_clear(&p);
    return all;
}

static bool is_all_named(const struct vars *v)
{
    for (int32_t i = 0; i < v->n; i++)
        if ((v->use[i] & (VAR_NAMED | VAR_WHOLE)) == 0)
            return false;
    return true;
}

/* Whether a step may lie past all whole numbers that are tried. */
static bool is_beyond_whole(const struct vars *v)
{
    static const double farthest = 1e15;
    for (int32_t i = 0; i < v->n_scales; i++)
        if (v->scale[i] >= farthest)
            return true;
    return v->is_far;
}

static bool has_named(const struct vars *v)
{
    for (int32_t i = 0; i < v->n; i++)
        if ((v->use[i] & (VAR_NAMED | VAR_WHOLE)) != 0)
            return true;
    return false;
}

static struct exact unknown(const char *why)
{
    return (struct exact){.truth = EXACT_UNKNOWN, .method = why};
}

/* Some group is apart. */
static struct exact judge_apart(const struct vars *v, const struct tally *at)
{
    if (v->is_unsure)
        return unknown("named functions");
    const struct tally *whole = &at[PROBE_WHOLE];
    if (has_named(v) && whole->together > 0 && whole->apart == 0 && at[PROBE_SMALL].apart == 0) {
        if (v->is_stepped && is_all_named(v) && !is_beyond_whole(v))
            return (struct exact){EXACT_PROBABLE, "balls at whole numbers", whole->together};
        return unknown("equal at whole numbers only");
    }
    const struct tally *positive = &at[PROBE_POSITIVE];
    bool is_at_steps = whole->apart > 0 && v->is_stepped && !is_all_named(v);
    if (is_at_steps && positive->apart == 0) /* apart at positive numbers all the same */
        return (struct exact){.truth = EXACT_DIFFERENT, .method = "balls at steps"};
    if (positive->apart == 0 && positive->together > 1)
        return unknown("equal on positive numbers only");
    const struct tally *with_sign = &at[PROBE_SIGNED];
    if (positive->together == 0 && with_sign->apart == 0 && with_sign->together > 1)
        return unknown("equal on negative numbers only");
    return (struct exact){.truth = EXACT_DIFFERENT, .method = "balls"};
}

static struct exact judge(struct vars *v, int32_t a, int32_t b, const struct tally *at)
{
    int together = 0;
    int64_t bits = MAX_PREC;
    for (int32_t g = 0; g < PROBE_GROUPS; g++) {
        if (at[g].apart > 0)
            return judge_apart(v, at);
        together += g != PROBE_SMALL ? at[g].together : 0;
        bits = at[g].together > 0 && at[g].bits < bits ? at[g].bits : bits;
    }
    if (v->budget->work < 0)
        return unknown("budget");
    if (probe_precision(v) == 0 || (v->is_stepped && v->is_far))
        return unknown("numbers too long for balls");
    if (together >= points_needed(v)) /* between steps any point says what all do: points count */
        return (struct exact){EXACT_PROBABLE, "balls", v->is_stepped ? together : bits};
    if (together > 0 || v->is_complex)
        return unknown("too few points where both have a value");
    struct tally branch = tally_group(v, PROBE_BRANCH, a, b);
    if (branch.apart > 0 || branch.together < NEED_SMOOTH)
        return unknown("no point where both are real");
    return (struct exact){EXACT_PROBABLE, "complex balls", branch.bits};
}

struct exact probe_compare(struct vars *v, int32_t a, int32_t b)
{
    struct tally at[PROBE_GROUPS] = {0};
    bool is_plain = !v->is_stepped && !is_in(v, PROBE_WHOLE) && !is_in(v, PROBE_SMALL);
    for (int32_t g = 0; g < PROBE_GROUPS; g++) {
        if (!is_in(v, (enum probe_group)g))
            continue;
        at[g] = tally_group(v, (enum probe_group)g, a, b);
        if (at[g].apart > 0 && is_plain) /* analytic: one point is enough */
            break;
    }
    return judge(v, a, b, at);
}

/* --------------------------------------------------------------------------- proportional */

static bool ratio_at(struct point *p, int32_t a, int32_t b, acb_t out, slong prec)
{
    acb_t below;
    acb_init(below);
    bool is_done = point_ball(p, a, out, prec) && point_ball(p, b, below, prec) &&
                   !acb_contains_zero(below) && !acb_contains_zero(out);
    if (is_done)
        acb_div(out, out, below, prec);
    acb_clear(below);
    return is_done;
}

struct exact probe_proportional(struct vars *v, int32_t a, int32_t b, int *sign)
{
    slong prec = probe_precision(v);
    if (prec == 0)
        return unknown("numbers too long for balls");
    int need = v->is_stepped ? NEED_STEPPED : NEED_SMOOTH + 1;
    int n = 0;
    struct exact end = {EXACT_PROBABLE, "balls", MAX_PREC};
    struct point p;
    acb_t first;
    acb_t other;
    point_init(&p, v);
    acb_init(first);
    acb_init(other);
    *sign = 0;
    for (uint64_t t = 0; t < 8 + 8 * (uint64_t)need && n < need; t++) {
        probe_point(&p, t % 2 == 0 ? PROBE_POSITIVE : PROBE_SIGNED, t / 2);
        if (!ratio_at(&p, a, b, n == 0 ? first : other, prec))
            continue;
        int64_t bits = n == 0 ? MAX_PREC : common_bits(first, other);
        if (n++ == 0) {
            *sign = arb_is_positive(acb_realref(first)) - arb_is_negative(acb_realref(first));
            continue;
        }
        if (!acb_overlaps(first, other)) {
            end = v->is_unsure ? unknown("named functions")
                               : (struct exact){.truth = EXACT_DIFFERENT, .method = "balls"};
            break;
        }
        end.bits = bits < end.bits ? bits : end.bits;
    }
    if (end.truth == EXACT_PROBABLE && (n < need || end.bits < ENOUGH_BITS))
        end = unknown("too few points where both have a value");
    acb_clear(first);
    acb_clear(other);
    point_clear(&p);
    return end;
}
