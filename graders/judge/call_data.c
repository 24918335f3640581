#include "graders/judge/call_data.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

bool data_read(struct str text, const struct pyval **out, struct arena *keep, struct err *e)
{
    /* what is read is some thirty times the text: "[" and "," are a value each. The caller's
     * arena is cut in two, and the reader says when its half is full */
    struct arena tmp = *keep;
    tmp.next = keep->next + (keep->end - keep->next) / 4 * 3;
    struct arena half = *keep;
    half.end = tmp.next;
    bool ok = pyjson_loads(text, out, NULL, &half, tmp, e);
    keep->next = half.next;
    return ok;
}

/* --- types ---------------------------------------------------------------------------------- */

static bool is_whole(const struct pyval *v, bool is_long, bool is_ours)
{
    int64_t n = 0;
    if (v->kind == PY_FLOAT && is_ours)
        return floor(v->real) == v->real && fabs(v->real) <= (is_long ? 0x1p63 : 0x1p31);
    if (v->kind != PY_INT || !str_i64(v->text, &n))
        return false;
    return is_long || (n >= INT32_MIN && n <= INT32_MAX);
}

/* One character, as UTF-8. */
static bool is_character(struct str s)
{
    int64_t n = 0;
    for (int64_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.at[i] & 0xc0) != 0x80;
    return n == 1;
}

bool data_is_of(const struct pyval *v, struct call_type t, bool is_ours)
{
    if (t.base == CALL_ANY)
        return true;
    if (t.n_dims > 0) {
        if (v->kind != PY_LIST)
            return false;
        struct call_type of = {t.base, t.n_dims - 1};
        for (const struct pyval *x = v->first; x != NULL; x = x->next)
            if (!data_is_of(x, of, is_ours))
                return false;
        return true;
    }
    switch (t.base) {
    case CALL_ANY:
        return true;
    case CALL_INT:
    case CALL_LONG:
        return is_whole(v, t.base == CALL_LONG, is_ours);
    case CALL_DOUBLE:
        return v->kind == PY_INT || v->kind == PY_FLOAT;
    case CALL_BOOL:
        return v->kind == PY_BOOL;
    case CALL_STRING:
        return v->kind == PY_STR;
    case CALL_CHAR:
        return v->kind == PY_STR && is_character(v->text);
    }
    return false;
}

/* --- numbers -------------------------------------------------------------------------------- */

static bool is_number(const struct pyval *v)
{
    return v->kind == PY_INT || v->kind == PY_FLOAT;
}

/* False for NaN and the infinities. A float is the shortest decimal that reads back as it, which is
 * how every language of ours prints it. `room` must live as long as *out. */
static bool number_of(const struct pyval *v, struct buf *room, struct decimal *out)
{
    if (v->kind == PY_INT)
        return decimal_read(v->text, out);
    if (!isfinite(v->real))
        return false;
    pyjson_float_repr(v->real, room);
    return decimal_read(buf_str(room), out);
}

static int order_of_special(double v)
{
    return isnan(v) ? 2 : isinf(v) ? (v < 0 ? -1 : 1) : 0;
}

static int compare_int_texts(struct str a, struct str b)
{
    int64_t x = 0;
    int64_t y = 0;
    if (str_i64(a, &x) && str_i64(b, &y))
        return (x > y) - (x < y);
    return -2;
}

/* -1, 0, 1 by value; NaN is above all and equal to itself. */
static int compare_numbers(const struct pyval *a, const struct pyval *b)
{
    struct buf room[2] = {{0}, {0}};
    struct decimal x;
    struct decimal y;
    int sign = a->kind == PY_INT && b->kind == PY_INT ? compare_int_texts(a->text, b->text) : -2;
    if (sign != -2)
        return sign;
    bool has_x = number_of(a, &room[0], &x);
    bool has_y = number_of(b, &room[1], &y);
    if (has_x && has_y) {
        sign = decimal_compare(&x, &y);
    } else {
        int p = has_x ? 0 : order_of_special(a->real);
        int q = has_y ? 0 : order_of_special(b->real);
        sign = (p > q) - (p < q);
    }
    buf_free(&room[0]);
    buf_free(&room[1]);
    return sign;
}

static bool is_near_number(const struct pyval *want, const struct pyval *got,
                           const struct tolerance *t)
{
    struct buf room[2] = {{0}, {0}};
    struct decimal x;
    struct decimal y;
    bool has_both = number_of(want, &room[0], &x) & number_of(got, &room[1], &y);
    bool is_near = has_both ? decimal_is_near(&x, &y, t) : compare_numbers(want, got) == 0;
    buf_free(&room[0]);
    buf_free(&room[1]);
    return is_near;
}

/* --- values --------------------------------------------------------------------------------- */

static int kind_order(const struct pyval *v)
{
    return v->kind == PY_FLOAT ? PY_INT : (int)v->kind;
}

static int compare_text(const struct pyval *a, const struct pyval *b)
{
    return str_cmp(a->text, b->text);
}

/* A total order: kinds, then values; arrays and members one by one. */
static int compare_values(const struct pyval *a, const struct pyval *b)
{
    int order = (kind_order(a) > kind_order(b)) - (kind_order(a) < kind_order(b));
    if (order != 0)
        return order;
    if (a->kind == PY_BOOL)
        return (int)a->truth - (int)b->truth;
    if (is_number(a))
        return compare_numbers(a, b);
    if (a->kind == PY_STR)
        return compare_text(a, b);
    if (a->kind == PY_NONE)
        return 0;
    const struct pyval *x = a->first;
    const struct pyval *y = b->first;
    for (; x != NULL && y != NULL; x = x->next, y = y->next) {
        order = a->kind == PY_DICT ? str_cmp(x->key, y->key) : 0;
        order = order != 0 ? order : compare_values(x, y);
        if (order != 0)
            return order;
    }
    return (x != NULL) - (y != NULL);
}

static int by_value(const void *x, const void *y)
{
    return compare_values(*(const struct pyval *const *)x, *(const struct pyval *const *)y);
}

static int by_key(const void *x, const void *y)
{
    return str_cmp((*(const struct pyval *const *)x)->key, (*(const struct pyval *const *)y)->key);
}

static const struct pyval **sorted(const struct pyval *v, int (*by)(const void *, const void *),
                                   struct arena *tmp)
{
    const struct pyval **all = NEW(tmp, const struct pyval *, v->n + 1);
    int64_t n = 0;
    for (const struct pyval *x = v->first; x != NULL; x = x->next)
        all[n++] = x;
    assert(n == v->n);
    qsort(all, (size_t)n, sizeof *all, by);
    return all;
}

static bool equal_members(const struct pyval *want, const struct pyval *got,
                          const struct tolerance *t, struct arena tmp)
{
    if (want->n != got->n)
        return false;
    const struct pyval **a = sorted(want, by_key, &tmp);
    const struct pyval **b = sorted(got, by_key, &tmp);
    for (int64_t i = 0; i < want->n; i++)
        if (!str_eq(a[i]->key, b[i]->key) || !data_equal(a[i], b[i], t, false, tmp))
            return false;
    return true;
}

static bool equal_elements(const struct pyval *want, const struct pyval *got,
                           const struct tolerance *t, bool is_unordered, struct arena tmp)
{
    if (want->n != got->n)
        return false;
    if (is_unordered) {
        const struct pyval **a = sorted(want, by_value, &tmp);
        const struct pyval **b = sorted(got, by_value, &tmp);
        for (int64_t i = 0; i < want->n; i++)
            if (!data_equal(a[i], b[i], t, false, tmp))
                return false;
        return true;
    }
    const struct pyval *y = got->first;
    for (const struct pyval *x = want->first; x != NULL; x = x->next, y = y->next)
        if (!data_equal(x, y, t, false, tmp))
            return false;
    return true;
}

bool data_equal(const struct pyval *want, const struct pyval *got, const struct tolerance *t,
                bool is_unordered, struct arena tmp)
{
    if (kind_order(want) != kind_order(got))
        return false;
    if (want->kind == PY_LIST)
        return equal_elements(want, got, t, is_unordered, tmp);
    if (want->kind == PY_DICT)
        return equal_members(want, got, t, tmp);
    if (is_number(want) && t != NULL)
        return is_near_number(want, got, t);
    return compare_values(want, got) == 0;
}
