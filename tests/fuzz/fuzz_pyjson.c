/* Any bytes through encoding/pyjson. What loads must dump to valid JSON that loads to the same
 * dump, with the same truth and repr. */
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "encoding/pyjson.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abort();                                                                               \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena keep;
    static struct arena tmp;
    if (keep.first == NULL) {
        arena_init(&keep, "fuzz", LIMIT_GIB);
        arena_init(&tmp, "fuzz tmp", LIMIT_GIB);
    }
    arena_reset(&keep);
    struct err e = {0};
    struct pyjson_fault fault = {0};
    const struct pyval *v;
    const struct pyval *again;
    struct str text = {(const char *)data, (int64_t)size};
    if (!pyjson_loads(text, &v, &fault, &keep, tmp, &e)) {
        HOLDS(fault.code != PYJSON_OK && fault.at >= 0 && fault.at <= text.n);
        return 0;
    }
    struct buf once = {0};
    struct buf twice = {0};
    struct buf repr = {0};
    struct buf repr_again = {0};
    pyjson_dumps(v, &once);
    HOLDS(utf8_first_bad(buf_str(&once)) < 0);
    HOLDS(pyjson_loads(buf_str(&once), &again, NULL, &keep, tmp, &e));
    pyjson_dumps(again, &twice);
    HOLDS(str_eq(buf_str(&once), buf_str(&twice)));
    pyjson_repr(v, &repr);
    pyjson_repr(again, &repr_again);
    HOLDS(str_eq(buf_str(&repr), buf_str(&repr_again)));
    HOLDS(utf8_first_bad(buf_str(&repr)) < 0);
    HOLDS(pyjson_truth(v) == pyjson_truth(again));
    HOLDS(pyjson_has_surrogate(v) == pyjson_has_surrogate(again));
    buf_free(&once);
    buf_free(&twice);
    buf_free(&repr);
    buf_free(&repr_again);
    return 0;
}
