/* Documents of `podium encode`; the first byte chooses mode and form. A prompt is valid UTF-8,
 * its pieces tile it, and each control piece is one control string. */
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "encoding/render.h"
#include "encoding/special.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abort();                                                                               \
    } while (0)

static void check_pieces(const struct pieces *p)
{
    int64_t done = 0;
    for (int64_t i = 0; i < p->n; i++) {
        struct str t = p->at[i].text;
        HOLDS(t.n > 0 && t.at == p->text.at + done);
        HOLDS(!p->at[i].is_control || str_eq(special_at(t, 0), t));
        HOLDS(i == 0 || p->at[i].is_control || p->at[i - 1].is_control);
        done += t.n;
    }
    HOLDS(done == p->text.n);
    HOLDS(utf8_first_bad(p->text) < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena keep;
    static struct arena tmp;
    if (keep.first == NULL) {
        arena_init(&keep, "fuzz", LIMIT_GIB);
        arena_init(&tmp, "fuzz tmp", LIMIT_GIB);
    }
    arena_reset(&keep);
    if (size == 0)
        return 0;
    struct err e = {0};
    struct buf out = {0};
    struct pieces p;
    struct render_fault fault = {0};
    const struct pyval *v;
    unsigned flags = data[0];
    struct str text = {(const char *)data + 1, (int64_t)size - 1};
    struct render_opts o = {.thinking = (flags & 1) != 0,
                            .keep_thinking = (flags & 4) != 0,
                            .no_bos = (flags & 8) != 0,
                            .fault = &fault};
    if ((flags & 2) != 0) {
        (void)!render_document(text, true, o.thinking, &out, &e);
    } else if (pyjson_loads(text, &v, NULL, &keep, tmp, &e)) {
        if (render_json(v, NULL, o, &p, &keep, tmp, &e))
            check_pieces(&p);
        else
            HOLDS(fault.code != RENDER_OK && fault.byte <= text.n);
    }
    buf_free(&out);
    return 0;
}
