/* Any bytes as a safetensors file: refused with a message, or a table in which every tensor lies
 * inside the file, has the bytes its shape asks for and is found by its name. */
#include <stddef.h>
#include <stdlib.h>

#include "base/limits.h"
#include "engine/safetensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_table(const struct safetensors *s, const uint8_t *data, size_t size)
{
    int64_t n_bytes = 0;
    for (int64_t i = 0; i < s->n; i++) {
        const struct safetensor *t = &s->at[i];
        check(t->data >= data && t->n_bytes <= data + size - t->data);
        check(safetensors_find(s, t->name) == t);
        n_bytes += t->n_bytes;
    }
    check(n_bytes <= (int64_t)size - 8);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena keep;
    struct safetensors s = {0};
    struct err e = {0};
    if (keep.first == NULL)
        arena_init(&keep, "fuzz", LIMIT_ARENA_TMP);
    arena_reset(&keep);
    struct str bytes = {(const char *)data, (int64_t)size};
    if (safetensors_parse(bytes, "fuzz", &s, &keep, &e))
        check_table(&s, data, size);
    else
        check(e.cls != ERR_NONE && e.text[0] != 0);
    return 0;
}
