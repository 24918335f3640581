/* SHA-256: names for weights, suites, prompts and results that anyone can recompute. */
#pragma once
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct hash {
    unsigned char at[32];
};

struct hash hash_bytes(struct str s);

/* Hex, lower case, 64 characters and a NUL. */
void hash_hex(const struct hash *h, char out[65]);

/* The hash again; false when hex is not 64 characters as hash_hex writes them. */
bool hash_from_hex(const char *hex, struct hash *out);

/* Hash of a file's content; reads by block, so any size. */
MUST_CHECK bool hash_file(const char *path, struct hash *out, struct err *e);

/* Hash of several texts: each is preceded by its length, so the borders count. */
struct hash hash_fields(const struct str *field, int64_t n);
