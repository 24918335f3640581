/* Any bytes as a definition, any bytes as its data, and any bytes as its errata: read or refused,
 * never a crash. The input is split at its first two NULs; the hash in the definition is not known
 * to the fuzzer, so the data is also tried under a definition that fits. Without a second NUL there
 * are no errata. */
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

static void put_errata(struct str errata)
{
    char path[LIMIT_PATH_BYTES];
    if (!file_join(folder, "d.errata.json", path, sizeof path))
        abort();
    if (errata.at != NULL)
        put_file("d.errata.json", errata);
    else
        (void)remove(path);
}

static void open_both(struct str definition, struct str data, struct str errata)
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
    put_errata(errata);
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
    struct str lines = {0};
    if (!str_split(&rest, 0, &definition) || !str_split(&rest, 0, &lines))
        return 0;
    open_both(definition, lines, rest);
    struct hash h = hash_bytes(lines);
    char hex[65];
    struct buf fits = {0};
    hash_hex(&h, hex);
    buf_fmt(&fits,
            "{\"name\": \"f\", \"version\": 1, \"data\": \"d.jsonl\", \"sha256\": \"%s\", "
            "\"source\": \"fuzz\", \"prompt\": \"{problem}\", \"mode\": \"chat\", "
            "\"grader\": \"math\", \"fields\": {\"answer\": \"answer\"}, \"samples\": 1, "
            "\"sampling\": {\"temperature\": 1, \"top_p\": 1, \"max_tokens\": 1}}",
            hex);
    open_both(buf_str(&fits), lines, rest);
    buf_free(&fits);
    return 0;
}
