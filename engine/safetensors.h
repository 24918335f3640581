/* One safetensors file: 8 bytes of header length, a JSON header, then the tensors' bytes.
 *
 * The header is believed only after it was checked against the file: every range lies inside,
 * has exactly the bytes its type and shape ask for, and together they cover the data without
 * gap or overlap. Nothing of the data is read before that, and nothing is copied: a tensor is a
 * pointer into the mapped file.
 *
 * Source  the format's description in the safetensors repository (README, "Format"). */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"

enum { SAFETENSORS_DIMS_MAX = 4 };
enum { SAFETENSORS_MAX = 1 << 20 }; /* tensors; the released checkpoint has 92 thousand */

struct safetensor {
    const char *name;
    const char *dtype; /* as written: "BF16", "F8_E4M3" */
    int64_t n_dims;
    int64_t shape[SAFETENSORS_DIMS_MAX];
    int64_t n_bytes;
    const unsigned char *data; /* any alignment */
};

struct safetensors {
    const char *file; /* last part of the path, for messages */
    struct file_map map;
    struct safetensor *at; /* [n], by name */
    int64_t n;
};

/* Checks a whole file in memory. Names and table come from *keep; data points into bytes.
 * ERR_INPUT names file and tensor, or file and byte. */
MUST_CHECK bool safetensors_parse(struct str bytes, const char *file, struct safetensors *out,
                                  struct arena *keep, struct err *e);

/* Maps dir/file and checks it. */
MUST_CHECK bool safetensors_open(const char *dir, const char *file, struct safetensors *out,
                                 struct arena *keep, struct err *e);
void safetensors_close(struct safetensors *s); /* zeroed is fine */

/* NULL when there is none of that name. */
const struct safetensor *safetensors_find(const struct safetensors *s, const char *name);
