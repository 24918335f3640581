#include "graders/math/units.h"

#include <assert.h>

enum { METRE, GRAM, SECOND, DOLLAR, EURO, DEGREE, N_DIMENSIONS };

/* A unit in base units: factor num/den, and the power of each dimension. */
static const struct unit {
    const char *name;
    int64_t num;
    int64_t den;
    int8_t powers[N_DIMENSIONS];
} units[] = {
    {"nm", 1, 1000000000, {[METRE] = 1}},
    {"mm", 1, 1000, {[METRE] = 1}},
    {"cm", 1, 100, {[METRE] = 1}},
    {"dm", 1, 10, {[METRE] = 1}},
    {"m", 1, 1, {[METRE] = 1}},
    {"km", 1000, 1, {[METRE] = 1}},
    {"in", 127, 5000, {[METRE] = 1}},
    {"ft", 381, 1250, {[METRE] = 1}},
    {"yd", 1143, 1250, {[METRE] = 1}},
    {"mi", 201168, 125, {[METRE] = 1}},
    {"hectare", 10000, 1, {[METRE] = 2}},
    {"L", 1, 1000, {[METRE] = 3}},
    {"mL", 1, 1000000, {[METRE] = 3}},
    {"mg", 1, 1000, {[GRAM] = 1}},
    {"g", 1, 1, {[GRAM] = 1}},
    {"kg", 1000, 1, {[GRAM] = 1}},
    {"lb", 45359237, 100000, {[GRAM] = 1}},
    {"oz", 45359237, 1600000, {[GRAM] = 1}},
    {"ms", 1, 1000, {[SECOND] = 1}},
    {"s", 1, 1, {[SECOND] = 1}},
    {"min", 60, 1, {[SECOND] = 1}},
    {"h", 3600, 1, {[SECOND] = 1}},
    {"day", 86400, 1, {[SECOND] = 1}},
    {"week", 604800, 1, {[SECOND] = 1}},
    {"Hz", 1, 1, {[SECOND] = -1}},
    {"N", 1000, 1, {[METRE] = 1, [GRAM] = 1, [SECOND] = -2}},
    {"J", 1000, 1, {[METRE] = 2, [GRAM] = 1, [SECOND] = -2}},
    {"kJ", 1000000, 1, {[METRE] = 2, [GRAM] = 1, [SECOND] = -2}},
    {"W", 1000, 1, {[METRE] = 2, [GRAM] = 1, [SECOND] = -3}},
    {"kW", 1000000, 1, {[METRE] = 2, [GRAM] = 1, [SECOND] = -3}},
    {"Pa", 1000, 1, {[METRE] = -1, [GRAM] = 1, [SECOND] = -2}},
    {"kPa", 1000000, 1, {[METRE] = -1, [GRAM] = 1, [SECOND] = -2}},
    {"cent", 1, 100, {[DOLLAR] = 1}},
    {"$", 1, 1, {[DOLLAR] = 1}},
    {"euro", 1, 1, {[EURO] = 1}},
    {"deg", 1, 1, {[DEGREE] = 1}},
};

struct size {
    int32_t powers[N_DIMENSIONS];
    fmpq *factor; /* borrowed, initialised */
};

static const struct unit *find(struct str name)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_eq(name, str_of(units[i].name)))
            return &units[i];
    return NULL;
}

/* One factor "cm^2" to the power +1 or -1. */
static bool put_factor(struct size *s, struct str part, int32_t sign)
{
    enum { MAX_POWER = 9 };
    int64_t power = 1;
    int64_t at = str_find(part, STR("^"), 0);
    if (at >= 0 && !str_i64(str_sub(part, at + 1, part.n), &power))
        return false;
    if (power < -MAX_POWER || power > MAX_POWER)
        return false;
    const struct unit *u = find(at >= 0 ? str_sub(part, 0, at) : part);
    if (u == NULL)
        return false;
    fmpq_t factor;
    fmpq_init(factor);
    fmpq_set_si(factor, u->num, (ulong)u->den);
    fmpq_pow_si(factor, factor, sign * power);
    fmpq_mul(s->factor, s->factor, factor);
    fmpq_clear(factor);
    for (int i = 0; i < N_DIMENSIONS; i++)
        s->powers[i] += sign * (int32_t)power * u->powers[i];
    return true;
}

/* "kg*m/s^2": what follows a slash divides, what follows a star multiplies. */
static bool size_of_unit(struct str name, struct size *s)
{
    int32_t sign = 1;
    memset(s->powers, 0, sizeof s->powers);
    fmpq_one(s->factor);
    for (int64_t from = 0; from <= name.n;) {
        int64_t to = from;
        while (to < name.n && name.at[to] != '*' && name.at[to] != '/')
            to++;
        if (!put_factor(s, str_sub(name, from, to), sign))
            return false;
        sign = to < name.n && name.at[to] == '/' ? -1 : 1;
        from = to + 1;
    }
    return true;
}

bool unit_is_known(struct str unit)
{
    fmpq_t factor;
    fmpq_init(factor);
    struct size s = {.factor = factor};
    bool is_known = size_of_unit(unit, &s);
    fmpq_clear(factor);
    return is_known;
}

bool unit_at(int32_t i, struct str *name)
{
    if (i < 0 || i >= (int32_t)(sizeof units / sizeof *units))
        return false;
    *name = str_of(units[i].name);
    return true;
}

bool unit_convert(struct exprs *x, int32_t *a, struct str unit_a, int32_t *b, struct str unit_b)
{
    fmpq_t factor_a;
    fmpq_t factor_b;
    fmpq_init(factor_a);
    fmpq_init(factor_b);
    struct size of_a = {.factor = factor_a};
    struct size of_b = {.factor = factor_b};
    bool is_one = size_of_unit(unit_a, &of_a) && size_of_unit(unit_b, &of_b) &&
                  memcmp(of_a.powers, of_b.powers, sizeof of_a.powers) == 0;
    int32_t base_a = is_one ? expr_mul(x, *a, expr_fmpq(x, factor_a, EXPR_EXACT)) : EXPR_NONE;
    int32_t base_b = is_one ? expr_mul(x, *b, expr_fmpq(x, factor_b, EXPR_EXACT)) : EXPR_NONE;
    fmpq_clear(factor_a);
    fmpq_clear(factor_b);
    if (base_a == EXPR_NONE || base_b == EXPR_NONE)
        return false;
    *a = base_a;
    *b = base_b;
    return true;
}
