/* The feed forward half of a layer: one wide gated MLP in the first layers, a mixture of experts
 * with one shared expert in the others.
 *
 *   dense   y = down(silu(gate x) * up x)
 *   mixture y = shared(x), then + weight_e * expert_e(x) for the chosen e, ascending */
#include <assert.h>

#include "engine/forward.h"

static bool mlp(struct forward *f, const struct kmlp *w, int64_t T, struct err *e)
{
    int64_t H = f->m->config.n_hidden;
    struct kmat x = {f->xn, H};
    struct kmat gate = {f->gate, w->gate.n_out};
    struct kmat up = {f->up, w->up.n_out};
    TRY(forward_linear(f, gate, x, &w->gate, T, e));
    TRY(forward_linear(f, up, x, &w->up, T, e));
    TRY(f->m->k->ops->swiglu(f->m->k, gate, gate, up, T, w->gate.n_out, e));
    return forward_linear(f, (struct kmat){f->y, H}, gate, &w->down, T, e);
}

/* For a trace; the MTP layer guesses, it decides nothing. */
static bool keep_routes(struct forward *f, int64_t layer, int64_t T, struct err *e)
{
    int64_t n_used = f->route.n_used;
    if (f->routes == NULL || layer >= f->m->config.n_layers)
        return true;
    return f->m->k->ops->get(f->m->k, f->routes + layer * f->n_rows * n_used, f->route.expert,
                             T * n_used * (int64_t)sizeof(int32_t), e);
}

/* The router sees what the norm gave; the experts see it rounded where their weights are FP8. */
static bool mixture(struct forward *f, int64_t layer, int64_t T, struct err *e)
{
    const struct model_layer *l = &f->m->layers[layer];
    const struct kernel_ops *op = f->m->k->ops;
    const struct model_config *c = &f->m->config;
    struct kmat x = {f->xn, c->n_hidden};
    struct kmat scores = {f->scores, c->n_experts};
    bool is_quant = f->quant == QUANT_FP8;
    struct kroute_rule rule = {
        .n_experts = c->n_experts,
        .n_groups = c->n_groups,
        .n_groups_used = c->n_groups_used,
        .is_normed = c->is_topk_normed,
        .scale = c->routed_scale,
    };
    TRY(op->linear(f->m->k, scores, x, &l->router, T, e));
    TRY(op->route(f->m->k, &f->route, scores, l->router_bias, &rule, T, e));
    TRY(keep_routes(f, layer, T, e));
    if (is_quant && l->experts[0].gate.dtype == DTYPE_F8_E4M3) {
        struct kmat rounded = {f->rounded, c->n_hidden};
        TRY(op->act_quant(f->m->k, rounded, x, T, c->n_hidden, KERNEL_BLOCK, e));
        x = rounded;
    }
    return op->experts(f->m->k, (struct kmat){f->y, c->n_hidden}, x, &f->route, l->experts,
                       c->n_experts, is_quant, T, e);
}

bool ffn_forward(struct forward *f, int64_t layer, int64_t T, struct err *e)
{
    const struct model_layer *l = &f->m->layers[layer];
    TRY(mlp(f, &l->mlp, T, e));
    return l->is_dense || mixture(f, layer, T, e);
}
