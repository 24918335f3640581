#include "base/hash.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

struct hash hash_bytes(struct str s)
{
    struct hash h;
    (void)crypto_hash_sha256(h.at, (const unsigned char *)s.at, (unsigned long long)s.n);
    return h;
}

void hash_hex(const struct hash *h, char out[65])
{
    (void)sodium_bin2hex(out, 65, h->at, sizeof h->at);
}

bool hash_from_hex(const char *hex, struct hash *out)
{
    size_t n = 0;
    const char *end = NULL;
    return sodium_hex2bin(out->at, sizeof out->at, hex, 64, NULL, &n, &end) == 0 &&
           n == sizeof out->at && hex[64] == '\0';
}

static void close_file(FILE **f)
{
    if (*f != NULL)
        (void)fclose(*f);
}

static void release(unsigned char **p)
{
    free(*p);
}

bool hash_file(const char *path, struct hash *out, struct err *e)
{
    enum { BLOCK = 1 << 18 };
    CLEANUP(close_file) FILE *f = fopen(path, "rb");
    if (f == NULL)
        return FAIL(e, ERR_IO, "%s: %m", path);
    CLEANUP(release) unsigned char *block = malloc(BLOCK);
    if (block == NULL)
        return FAIL(e, ERR_IO, "%s: out of memory", path);
    crypto_hash_sha256_state state;
    (void)crypto_hash_sha256_init(&state);
    size_t n;
    while ((n = fread(block, 1, BLOCK, f)) > 0)
        (void)crypto_hash_sha256_update(&state, block, n);
    if (ferror(f) != 0)
        return FAIL(e, ERR_IO, "%s: read error", path);
    (void)crypto_hash_sha256_final(&state, out->at);
    return true;
}

struct hash hash_fields(const struct str *field, int64_t n)
{
    struct hash h;
    crypto_hash_sha256_state state;
    (void)crypto_hash_sha256_init(&state);
    for (int64_t i = 0; i < n; i++) {
        unsigned char length[8];
        for (int b = 0; b < 8; b++)
            length[b] = (unsigned char)((uint64_t)field[i].n >> (8 * b));
        (void)crypto_hash_sha256_update(&state, length, sizeof length);
        (void)crypto_hash_sha256_update(&state, (const unsigned char *)field[i].at,
                                        (unsigned long long)field[i].n);
    }
    (void)crypto_hash_sha256_final(&state, h.at);
    return h;
}
