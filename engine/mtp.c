#include "engine/mtp.h"

#include <assert.h>
#include <stdlib.h>

void mtp_close(struct mtp *m)
{
    free(m->batch.id);
    free(m->batch.slot);
    free(m->batch.position);
    free(m->row);
    *m = (struct mtp){0};
}

bool mtp_open(struct mtp *m, int64_t n_rows, struct err *e)
{
    size_t n = (size_t)n_rows;
    *m = (struct mtp){.row = calloc(n, sizeof *m->row)};
    m->batch.id = calloc(n, sizeof *m->batch.id);
    m->batch.slot = calloc(n, sizeof *m->batch.slot);
    m->batch.position = calloc(n, sizeof *m->batch.position);
    if (m->row != NULL && m->batch.id != NULL && m->batch.slot != NULL && m->batch.position != NULL)
        return true;
    mtp_close(m);
    return FAIL(e, ERR_IO, "no memory for drafts");
}

void mtp_add(struct mtp *m, int32_t next, int32_t slot, int32_t position, int32_t row)
{
    int64_t i = m->batch.T++;
    m->batch.id[i] = next;
    m->batch.slot[i] = slot;
    m->batch.position[i] = position;
    m->row[i] = row;
}

/* f->x = eh_proj of both halves. */
static bool join(const struct mtp *m, struct forward *f, enum mtp_source from, struct err *e)
{
    const struct kernel_ops *op = f->m->k->ops;
    struct kernels *k = f->m->k;
    const struct model_mtp *w = &f->m->mtp;
    int64_t T = m->batch.T;
    int64_t H = f->m->config.n_hidden;
    float eps = f->m->config.norm_eps;
    struct kmat left = {f->pair, 2 * H};
    struct kmat right = {f->pair + H, 2 * H};
    struct kmat hidden = {from == MTP_FROM_MODEL ? f->xn : f->x, H};
    TRY(op->put(k, f->from_row, m->row, T * (int64_t)sizeof(int32_t), e));
    TRY(op->embed(k, left, f->id, &w->embed, T, e));
    TRY(op->rms_norm(k, left, left, w->enorm, T, H, eps, e));
    TRY(op->gather(k, right, hidden, f->from_row, T, H, e));
    TRY(op->rms_norm(k, right, right, w->hnorm, T, H, eps, e));
    return forward_linear(f, (struct kmat){f->x, H}, left, &w->eh_proj, T, e);
}

bool mtp_feed(struct mtp *m, struct forward *f, enum mtp_source from, struct err *e)
{
    const struct model_config *c = &f->m->config;
    struct kmat x = {f->x, c->n_hidden};
    struct kmat xn = {f->xn, c->n_hidden};
    assert(f->m->has_mtp && m->batch.T <= f->n_rows);
    if (m->batch.T == 0)
        return true;
    TRY(forward_upload(f, &m->batch, e));
    TRY(join(m, f, from, e));
    TRY(forward_layer(f, c->n_layers, m->batch.T, e));
    return f->m->k->ops->rms_norm(f->m->k, xn, x, f->m->mtp.head_norm, m->batch.T, c->n_hidden,
                                  c->norm_eps, e);
}

bool mtp_logits(struct forward *f, const int32_t *row, int64_t n, float *out, struct err *e)
{
    return forward_head(f, &f->m->mtp.head, row, n, out, e);
}
