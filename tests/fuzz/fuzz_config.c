/* Any bytes as config.json: refused with a message, or numbers that keep what config.h promises. */
#include <stddef.h>
#include <stdlib.h>

#include "base/limits.h"
#include "engine/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_promises(const struct model_config *c)
{
    check(c->n_vocab > 0 && c->n_hidden > 0 && c->n_layers > 0 && c->n_layers <= LIMIT_LAYERS);
    check(c->n_dense_layers >= 0 && c->n_dense_layers <= c->n_layers && c->n_mtp <= 1);
    check(c->rope_dim > 0 && c->rope_dim % 2 == 0 && c->index_dim >= c->rope_dim);
    check(c->n_groups > 0 && c->n_experts % c->n_groups == 0 && c->n_groups_used <= c->n_groups);
    check(c->n_experts_used <= c->n_groups_used * (c->n_experts / c->n_groups));
    check(c->softmax_scale > 0 && c->norm_eps > 0 && c->shared_inner > 0);
    check(c->n_eos >= 0 && c->n_eos <= CONFIG_EOS_MAX && c->bos < c->n_vocab);
    for (int64_t i = 0; i < c->n_eos; i++)
        check(c->eos[i] >= 0 && c->eos[i] < c->n_vocab);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct model_config c = {0};
    struct err e = {0};
    if (config_parse((struct str){(const char *)data, (int64_t)size}, "fuzz", &c, &e))
        check_promises(&c);
    else
        check(e.cls != ERR_NONE && e.text[0] != 0);
    return 0;
}
