/* Multi-token prediction: a decoder layer after the last that guesses the token after the next.
 *
 *   h' = eh_proj(norm_e(embed(token t+1)) | norm_h(h_t)),  h_t after the final norm
 *   out = layer(h'),  logits = head(norm(out))             a guess at token t+2
 *
 * Row t sits at position t, in a cache of its own. */
#include <assert.h>

#include "engine/forward.h"

/* f->x = eh_proj of both halves. f->xn holds h_t. */
static bool join(struct forward *f, const int32_t *next, int64_t T, struct err *e)
{
    const struct kernel_ops *op = f->m->k->ops;
    struct kernels *k = f->m->k;
    const struct model_mtp *w = &f->m->mtp;
    int64_t H = f->m->config.n_hidden;
    float eps = f->m->config.norm_eps;
    struct kmat left = {f->pair, 2 * H};
    struct kmat right = {f->pair + H, 2 * H};
    TRY(op->put(k, f->id, next, T * (int64_t)sizeof *next, e));
    TRY(op->embed(k, left, f->id, &w->embed, T, e));
    TRY(op->rms_norm(k, left, left, w->enorm, T, H, eps, e));
    TRY(op->rms_norm(k, right, (struct kmat){f->xn, H}, w->hnorm, T, H, eps, e));
    return forward_linear(f, (struct kmat){f->x, H}, left, &w->eh_proj, T, e);
}

bool mtp_forward(struct forward *f, const int32_t *next, int64_t T, float *out, struct err *e)
{
    const struct kernel_ops *op = f->m->k->ops;
    const struct model_config *c = &f->m->config;
    struct kmat x = {f->x, c->n_hidden};
    struct kmat xn = {f->xn, c->n_hidden};
    struct kmat logits = {f->logits, c->n_vocab};
    assert(f->m->has_mtp && T <= f->n_rows);
    TRY(join(f, next, T, e));
    TRY(forward_layer(f, c->n_layers, T, e));
    TRY(op->rms_norm(f->m->k, xn, x, f->m->mtp.head_norm, T, c->n_hidden, c->norm_eps, e));
    for (int64_t t = 0; t < T; t += f->n_out) {
        int64_t n = T - t < f->n_out ? T - t : f->n_out;
        struct kmat from = {f->xn + t * c->n_hidden, c->n_hidden};
        TRY(op->linear(f->m->k, logits, from, &f->m->mtp.head, n, e));
        TRY(op->get(f->m->k, out + t * c->n_vocab, f->logits,
                    n * c->n_vocab * (int64_t)sizeof(float), e));
    }
    return true;
}
