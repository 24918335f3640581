/* One small file a digest, named after the hash of its stamp; it holds the stamp in full and the
 * digest, and counts only when it is exactly that. */
#include "engine/digests.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/str.h"

#define FRESH_NS 2000000000LL

enum { TEXT_MAX = 256, ENTRY_MAX = 512, HEX = 64 };

static int64_t ns_of(const struct timespec *t)
{
    return (int64_t)t->tv_sec * 1000000000 + t->tv_nsec;
}

bool stamp_of(const char *path, struct stamp *out, struct err *e)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return FAIL(e, ERR_IO, "%s: %m", path);
    *out = (struct stamp){
        .device = (int64_t)st.st_dev,
        .inode = (int64_t)st.st_ino,
        .n_bytes = (int64_t)st.st_size,
        .modified_ns = ns_of(&st.st_mtim),
        .changed_ns = ns_of(&st.st_ctim),
    };
    return true;
}

bool stamp_eq(const struct stamp *a, const struct stamp *b)
{
    return a->device == b->device && a->inode == b->inode && a->n_bytes == b->n_bytes &&
           a->modified_ns == b->modified_ns && a->changed_ns == b->changed_ns;
}

static struct str text_of(const struct stamp *s, char out[TEXT_MAX])
{
    int n = snprintf(out, TEXT_MAX,
                     "podium digest 1\ndevice %lld inode %lld bytes %lld modified %lld changed "
                     "%lld\n",
                     (long long)s->device, (long long)s->inode, (long long)s->n_bytes,
                     (long long)s->modified_ns, (long long)s->changed_ns);
    return (struct str){out, n};
}

static bool path_of(const struct digests *d, struct str text, char out[LIMIT_PATH_BYTES])
{
    char hex[HEX + 1];
    char name[HEX];
    struct hash h = hash_bytes(text);
    hash_hex(&h, hex);
    (void)snprintf(name, sizeof name, "sha256-%.32s", hex);
    return file_join(d->dir, name, out, LIMIT_PATH_BYTES);
}

/* Ours, and nobody else may write into it. */
static bool is_private(const char *dir)
{
    struct stat st;
    return lstat(dir, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
           (st.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static bool is_hex(struct str s)
{
    for (int64_t i = 0; i < s.n; i++)
        if (!((s.at[i] >= '0' && s.at[i] <= '9') || (s.at[i] >= 'a' && s.at[i] <= 'f')))
            return false;
    return s.n == HEX;
}

static bool read_small(const char *path, char out[ENTRY_MAX], struct str *text)
{
    FILE *f = fopen(path, "rbe");
    if (f == NULL)
        return false;
    *text = (struct str){out, (int64_t)fread(out, 1, ENTRY_MAX, f)};
    (void)fclose(f);
    return true;
}

bool digests_find(const struct digests *d, const struct stamp *s, char hex[65])
{
    char key[TEXT_MAX];
    char bytes[ENTRY_MAX];
    char path[LIMIT_PATH_BYTES];
    struct str text = {0};
    if (d->dir == NULL || d->is_anew || s->n_bytes < d->n_bytes_min || !is_private(d->dir))
        return false;
    struct str want = text_of(s, key);
    if (!path_of(d, want, path) || !read_small(path, bytes, &text) || !str_starts(text, want))
        return false;
    struct str rest = str_sub(text, want.n, text.n);
    if (rest.n != HEX + 1 || rest.at[HEX] != '\n' || !is_hex(str_sub(rest, 0, HEX)))
        return false;
    memcpy(hex, rest.at, HEX);
    hex[HEX] = 0;
    return true;
}

void digests_keep(const struct digests *d, const struct stamp *s, int64_t hashed_ns,
                  const char hex[65])
{
    char text[ENTRY_MAX];
    char path[LIMIT_PATH_BYTES];
    struct err ignored = {0};
    int64_t newest = s->modified_ns > s->changed_ns ? s->modified_ns : s->changed_ns;
    if (d->dir == NULL || s->n_bytes < d->n_bytes_min || hashed_ns - newest < FRESH_NS)
        return;
    struct str key = text_of(s, text);
    if (!path_of(d, key, path) || !file_make_dirs(d->dir, &ignored) || !is_private(d->dir))
        return;
    int n = snprintf(text + key.n, (size_t)(ENTRY_MAX - key.n), "%s\n", hex);
    (void)!file_write(path, (struct str){text, key.n + n}, &ignored);
}
