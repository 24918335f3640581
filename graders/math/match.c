#include "graders/math/match.h"

#include <assert.h>

struct matching {
    const enum equal_verdict *verdicts;
    int32_t n;
    enum equal_verdict worst; /* edges up to here count: EQUAL_YES, or EQUAL_UNDECIDED with it */
    int32_t *of_column;       /* row taken by column k, -1: free */
    int32_t *from;            /* per column: the row it was reached from */
    int32_t *queue;
    int32_t *column_of;
};

static bool is_edge(const struct matching *m, int32_t i, int32_t k)
{
    enum equal_verdict v = m->verdicts[(int64_t)i * m->n + k];
    return v == EQUAL_YES || (v == EQUAL_UNDECIDED && m->worst == EQUAL_UNDECIDED);
}

/* Flips the path that ends in the free column k. */
static void flip(struct matching *m, int32_t k)
{
    while (k >= 0) {
        int32_t row = m->from[k];
        int32_t before = m->column_of[row];
        m->of_column[k] = row;
        m->column_of[row] = k;
        k = before;
    }
}

/* Breadth first, so that depth never meets the size of a foreign list. */
static bool augment(struct matching *m, int32_t start)
{
    int32_t head = 0;
    int32_t tail = 0;
    for (int32_t k = 0; k < m->n; k++)
        m->from[k] = -1;
    m->queue[tail++] = start;
    while (head < tail) {
        int32_t row = m->queue[head++];
        for (int32_t k = 0; k < m->n; k++) {
            if (m->from[k] >= 0 || !is_edge(m, row, k))
                continue;
            m->from[k] = row;
            if (m->of_column[k] < 0) {
                flip(m, k);
                return true;
            }
            m->queue[tail++] = m->of_column[k];
        }
    }
    return false;
}

static bool is_full(struct matching *m, enum equal_verdict worst)
{
    m->worst = worst;
    for (int32_t k = 0; k < m->n; k++) {
        m->of_column[k] = -1;
        m->column_of[k] = -1;
    }
    for (int32_t i = 0; i < m->n; i++)
        if (!augment(m, i))
            return false;
    return true;
}

enum equal_verdict match_lists(const enum equal_verdict *verdicts, int32_t n, int32_t *partner,
                               struct arena tmp)
{
    assert(n >= 0);
    struct matching m = {.verdicts = verdicts,
                         .n = n,
                         .of_column = NEW(&tmp, int32_t, n + 1),
                         .from = NEW(&tmp, int32_t, n + 1),
                         .queue = NEW(&tmp, int32_t, n + 1),
                         .column_of = NEW(&tmp, int32_t, n + 1)};
    if (is_full(&m, EQUAL_YES)) {
        if (partner != NULL)
            memcpy(partner, m.column_of, (size_t)n * sizeof *partner);
        return EQUAL_YES;
    }
    return is_full(&m, EQUAL_UNDECIDED) ? EQUAL_UNDECIDED : EQUAL_NO;
}

/* The best verdict of n at a stride: yes before undecided before no. */
static enum equal_verdict best(const enum equal_verdict *at, int32_t n, int32_t stride)
{
    enum equal_verdict found = EQUAL_NO;
    for (int32_t i = 0; i < n; i++) {
        enum equal_verdict v = at[(int64_t)i * stride];
        if (v == EQUAL_YES)
            return v;
        if (v == EQUAL_UNDECIDED)
            found = v;
    }
    return found;
}

enum equal_verdict match_sets(const enum equal_verdict *verdicts, int32_t n, int32_t m)
{
    enum equal_verdict worst = EQUAL_YES;
    for (int32_t i = 0; i < n + m; i++) {
        enum equal_verdict v =
            i < n ? best(verdicts + (int64_t)i * m, m, 1) : best(verdicts + (i - n), n, m);
        if (v == EQUAL_NO)
            return v;
        worst = v == EQUAL_UNDECIDED ? v : worst;
    }
    return worst;
}
