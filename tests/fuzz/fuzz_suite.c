/* Any bytes as a definition, and any bytes as its data: read or refused, never a crash. The input
 * is split at its first NUL; the hash in the definition is not known to the fuzzer, so the data is
 * also tried under a definition that fits. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "datasets/suite.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[LIMIT_PATH_BYTES];

/* Without file_write's sync, which would be most of the time. */
static void put_file(const char *name, struct str text)
{
    char path[LIMIT_PATH_BYTES];
    if (!file_join(folder, name, path, sizeof path))
        abort();
    FILE *f = fopen(path, "wb");
    if (f == NULL || fwrite(text.at, 1, (size_t)text.n, f) != (size_t)text.n || fclose(f) != 0)
        abort();
}

static void open_both(struct str definition, struct str data)
{
    static struct arena keep;
    static struct arena tmp;
    char path[LIMIT_PATH_BYTES];
    struct suite s = {0};
    struct err e = {0};
    if (keep.first == NULL) {
        arena_init(&keep, "keep", LIMIT_ARENA_ITEM);
        arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
        if (!file_make_dirs("build/tmp", &e) ||
            !file_temp_dir("build/tmp", folder, sizeof folder, &e))
            abort();
    }
    put_file("d.jsonl", data);
    put_file("d.json", definition);
    if (!file_join(folder, "d.json", path, sizeof path))
        abort();
    if (suite_open(&s, path, &keep, tmp, &e)) {
        assert(s.n_items > 0);
        suite_close(&s);
    } else {
        assert(e.cls != ERR_NONE && e.text[0] != 0);
        assert(strchr(e.text, '\n') == NULL);
    }
    arena_reset(&keep);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, (int64_t)size};
    struct str definition = {0};
    if (!str_split(&rest, 0, &definition))
        return 0;
    open_both(definition, rest);
    struct hash h = hash_bytes(rest);
    char hex[65];
    struct buf fits = {0};
    hash_hex(&h, hex);
    buf_fmt(&fits,
            "{\"name\": \"f\", \"version\": 1, \"data\": \"d.jsonl\", \"sha256\": \"%s\", "
            "\"source\": \"fuzz\", \"prompt\": \"{problem}\", \"mode\": \"chat\", "
            "\"grader\": \"math\", \"fields\": {\"answer\": \"answer\"}, \"samples\": 1, "
            "\"sampling\": {\"temperature\": 1, \"top_p\": 1, \"max_tokens\": 1}}",
            hex);
    open_both(buf_str(&fits), rest);
    buf_free(&fits);
    return 0;
}
