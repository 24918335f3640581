#include "tests/support/support.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

void support_skip(const char *what, const char *why)
{
    const char *require = getenv("REQUIRE");
    if (require != NULL && strstr(require, what) != NULL)
        cr_assert_fail("REQUIRE=%s, but: %s", require, why);
    cr_skip_test("%s", why);
}

const char *support_vector(const char *name)
{
    static char path[PATH_MAX];
    const char *root = getenv("PODIUM_VECTORS");
    (void)snprintf(path, sizeof path, "%s/%s", root != NULL ? root : "../shared/vectors", name);
    if (!file_exists(path))
        support_skip("vectors", "official vectors are not at hand (PODIUM_VECTORS=DIR)");
    return path;
}

static char temp_path[PATH_MAX];

static void remove_temp(void)
{
    struct err e;
    if (temp_path[0] != 0 && !file_remove_tree(temp_path, &e))
        (void)fprintf(stderr, "%s\n", e.text);
}

const char *support_temp(void)
{
    struct err e = {0};
    if (temp_path[0] == 0) {
        cr_assert(file_make_dirs("build/tmp", &e), "%s", e.text);
        cr_assert(file_temp_dir("build/tmp", temp_path, sizeof temp_path, &e), "%s", e.text);
        (void)atexit(remove_temp);
    }
    return temp_path;
}

const char *support_build(void)
{
    static char path[PATH_MAX];
    const char *given = getenv("PODIUM_BUILD");
    if (given != NULL)
        return given;
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    cr_assert(n > 0);
    path[n] = 0;
    *strrchr(path, '/') = 0;
    return path;
}

struct str support_read(const char *path, struct arena *keep)
{
    struct err e = {0};
    struct str text = {0};
    cr_assert(file_read(path, &text, keep, &e), "%s", e.text);
    return text;
}

uint64_t support_seed(uint64_t fallback)
{
    uint64_t seed = fallback;
    const char *given = getenv("SEED");
    if (given != NULL)
        cr_assert(str_u64(str_of(given), &seed), "SEED=%s is not a number", given);
    (void)fprintf(stderr, "SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

void support_say(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    (void)vfprintf(stderr, fmt, args);
    (void)fputc('\n', stderr);
    va_end(args);
}
