/* Target: submissions_parse. Whatever the file, every submission found has text, and the reader
 * ends with a list or an error. */
#include <stdlib.h>

#include "harness/submissions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena keep;
    struct submissions got = {0};
    struct err e = {0};
    arena_init(&keep, "keep", 1LL << 30);
    if (submissions_parse((struct str){(const char *)data, (int64_t)size}, "fuzz", &got, &keep,
                          &e)) {
        if (got.n <= 0 || got.read_as.n <= 0)
            abort();
        for (int64_t i = 0; i < got.n; i++)
            if (got.at[i].n_files != 1 || got.at[i].files[0].name.n == 0)
                abort();
    } else if (e.cls == ERR_NONE)
        abort();
    arena_fini(&keep);
    return 0;
}
