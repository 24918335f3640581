/* Any bytes as an answer: the reader ends, stays within the text, reads the same twice, and what it
 * read can be printed and read again. */
#include <assert.h>

#include "base/limits.h"
#include "graders/math/latex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct exprs *x, const struct latex *r, int64_t n)
{
    assert(r->why != NULL || r->end == LATEX_READ);
    assert((r->end == LATEX_READ) == (r->n > 0));
    assert(r->n <= LATEX_READINGS);
    assert(r->at >= 0);
    assert(r->at <= n);
    for (int32_t i = 0; i < r->n; i++) {
        assert(r->readings[i].root >= 0);
        assert(r->readings[i].root < exprs_count(x));
        assert(r->readings[i].how != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena keep;
    static struct arena tmp;
    if (keep.first == NULL) {
        arena_init(&keep, "fuzz graph", LIMIT_ARENA_TMP);
        arena_init(&tmp, "fuzz", LIMIT_ARENA_TMP);
    }
    struct str text = {(const char *)data, (int64_t)size};
    struct arena mem = keep;
    struct exprs *x = exprs_open(&mem);
    struct latex a = latex_read(x, text, tmp);
    check(x, &a, text.n);
    struct latex b = latex_read(x, text, tmp);
    assert(a.end == b.end);
    assert(a.n == b.n);
    for (int32_t i = 0; i < a.n; i++) {
        assert(a.readings[i].root == b.readings[i].root);
        struct buf shown = {0};
        expr_print(x, a.readings[i].root, LIMIT_KIB, &shown);
        struct latex c = latex_read(x, buf_str(&shown), tmp);
        check(x, &c, shown.n);
        buf_free(&shown);
    }
    exprs_close(x);
    return 0;
}
