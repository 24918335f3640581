/* Matrices in another format than they are stored in: 128 rows at a time are looked up as f32 by
 * the machine, rounded here, and put where the machine will read them. Results lie one after the
 * other in large pieces, because pages of memory are large. */
#include <assert.h>
#include <stdlib.h>

#include "engine/model.h"
#include "kernels/narrow.h"

enum { PIECE_BYTES = 64 << 20, ALIGN = 64 };

static enum dtype wanted(enum weight_mode mode, enum dtype stored)
{
    bool is_wide = dtype_size(stored) > 1;
    switch (mode) {
    case WEIGHTS_STORED:
        break;
    case WEIGHTS_F32:
        return DTYPE_F32;
    case WEIGHTS_BF16:
        return is_wide ? DTYPE_BF16 : stored;
    case WEIGHTS_FP8:
        return is_wide ? DTYPE_F8_E4M3 : stored;
    case WEIGHTS_Q8:
        return is_wide ? DTYPE_Q8 : stored;
    }
    return stored;
}

static bool take_room(struct model *m, int64_t n_bytes, unsigned char **out, struct err *e)
{
    int64_t n = (n_bytes + ALIGN - 1) / ALIGN * ALIGN;
    if (n > m->n_room) {
        float *piece = NULL;
        int64_t n_piece = n > PIECE_BYTES ? n : PIECE_BYTES;
        TRY(model_alloc(m, n_piece / (int64_t)sizeof *piece, &piece, e));
        m->room = (unsigned char *)piece;
        m->n_room = n_piece;
    }
    *out = m->room;
    m->room += n;
    m->n_room -= n;
    return true;
}

/* Where a band of rows passes through; the machine's part and ours. */
struct passage {
    void *id;   /* [128] machine */
    void *wide; /* [128][n_in] f32, machine */
    int32_t *host_id;
    float *host_wide;
    void *narrow;
    float *scale;
};

static void passage_close(struct model *m, struct passage *p)
{
    m->k->ops->release(m->k, p->id);
    m->k->ops->release(m->k, p->wide);
    free(p->host_id);
    free(p->host_wide);
    free(p->narrow);
    free(p->scale);
}

static bool passage_open(struct model *m, struct passage *p, int64_t n_in, struct err *e)
{
    size_t n = (size_t)(KERNEL_BLOCK * n_in);
    p->host_id = calloc(KERNEL_BLOCK, sizeof *p->host_id);
    p->host_wide = malloc(n * sizeof *p->host_wide);
    p->narrow = malloc(n * sizeof(float));
    p->scale = calloc((size_t)narrow_n_scales(DTYPE_Q8, KERNEL_BLOCK, n_in), sizeof *p->scale);
    if (p->host_id == NULL || p->host_wide == NULL || p->narrow == NULL || p->scale == NULL)
        return FAIL(e, ERR_IO, "no memory to convert a matrix");
    return m->k->ops->alloc(m->k, KERNEL_BLOCK * (int64_t)sizeof(int32_t), &p->id, e) &&
           m->k->ops->alloc(m->k, (int64_t)n * (int64_t)sizeof(float), &p->wide, e);
}

/* Rows [first, first + n) of `from`, rounded, to at and scale in the machine. */
static bool narrow_band(struct model *m, struct passage *p, const struct kweight *from,
                        enum dtype to, int64_t first, int64_t n, unsigned char *at, float *scale,
                        struct err *e)
{
    const struct kernel_ops *op = m->k->ops;
    int64_t n_scales = narrow_n_scales(to, n, from->n_in);
    for (int64_t i = 0; i < n; i++)
        p->host_id[i] = (int32_t)(first + i);
    TRY(op->put(m->k, p->id, p->host_id, n * (int64_t)sizeof *p->host_id, e));
    TRY(op->embed(m->k, (struct kmat){p->wide, from->n_in}, p->id, from, n, e));
    TRY(op->get(m->k, p->host_wide, p->wide, n * from->n_in * (int64_t)sizeof(float), e));
    if (!narrow_rows(to, p->host_wide, n, from->n_in, p->narrow, p->scale))
        return FAIL(e, ERR_INPUT,
                    "row %lld or one of the next %lld holds a number that is not finite",
                    (long long)first, (long long)n);
    TRY(op->put(m->k, at, p->narrow, n * from->n_in * dtype_size(to), e));
    return n_scales == 0 || op->put(m->k, scale, p->scale, n_scales * (int64_t)sizeof(float), e);
}

static bool narrow_all(struct model *m, struct kweight *w, enum dtype to, struct err *e)
{
    struct kweight out = {.dtype = to, .n_out = w->n_out, .n_in = w->n_in};
    struct passage p = {0};
    unsigned char *at = NULL;
    unsigned char *scale = NULL;
    TRY(take_room(m, w->n_out * w->n_in * dtype_size(to), &at, e));
    TRY(take_room(m, narrow_n_scales(to, w->n_out, w->n_in) * (int64_t)sizeof(float), &scale, e));
    out.at = at;
    out.scale = (float *)(void *)scale;
    bool is_done = passage_open(m, &p, w->n_in, e);
    for (int64_t r = 0; is_done && r < w->n_out; r += KERNEL_BLOCK)
        is_done =
            narrow_band(m, &p, w, to, r, w->n_out - r < KERNEL_BLOCK ? w->n_out - r : KERNEL_BLOCK,
                        at + r * w->n_in * dtype_size(to),
                        (float *)(void *)scale + narrow_n_scales(to, r, w->n_in), e);
    passage_close(m, &p);
    *w = out;
    return is_done;
}

bool model_narrow(struct model *m, struct kweight *w, const char *name, struct err *e)
{
    enum dtype to = wanted(m->mode, w->dtype);
    return to == w->dtype || narrow_all(m, w, to, e) || err_wrap(e, "%s", name);
}
