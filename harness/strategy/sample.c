#include "harness/strategy.h"

static bool is_answered(const struct strategy_in *in, int64_t sample)
{
    for (int64_t i = 0; i < in->n_rows; i++) {
        if (in->rows[i].reply.sample == sample)
            return true;
    }
    return false;
}

/* Every sample asks the same: one conversation serves them all. */
static struct chat chat_of(const struct strategy_in *in, struct arena *keep)
{
    struct message *m = NEW(keep, struct message, 1);
    *m = (struct message){.role = ROLE_USER, .content = in->item->prompt};
    return (struct chat){.at = m, .n = 1, .thinking = in->thinking};
}

static int64_t sample_next(const struct strategy_in *in, struct planned *out, int64_t n_max,
                           struct arena *keep)
{
    int64_t n = 0;
    struct chat chat = {0};
    for (int64_t sample = 0; sample < in->n_samples && n < n_max; sample++) {
        if (is_answered(in, sample))
            continue;
        if (n == 0)
            chat = chat_of(in, keep);
        out[n++] = (struct planned){.sample = sample, .chat = chat};
    }
    return n;
}

const struct strategy strategy_sample = {.name = "sample", .next = sample_next};
