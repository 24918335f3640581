/* Any bytes as an archive: refused with nothing left behind, or unpacked into its folder. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "graders/task/unzip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[64];

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void remove_folder(void)
{
    struct err e;
    check(file_remove_tree(folder, &e));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena tmp;
    struct err e = {0};
    char archive[80];
    char out[80];
    if (tmp.first == NULL) {
        arena_init(&tmp, "fuzz", LIMIT_ARENA_TMP);
        check(file_temp_dir("/tmp", folder, sizeof folder, &e));
        (void)atexit(remove_folder);
    }
    (void)snprintf(archive, sizeof archive, "%s/a.zip", folder);
    (void)snprintf(out, sizeof out, "%s/out", folder);
    check(file_remove_tree(out, &e));
    FILE *f = fopen(archive, "wb");
    check(f != NULL);
    check(fwrite(data, 1, size, f) == size || size == 0);
    check(fclose(f) == 0);
    if (!task_unzip(archive, out, tmp, &e))
        check(e.cls != ERR_NONE && e.text[0] != 0 && !file_exists(out));
    return 0;
}
