#include "tests/support/model_script.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/rng.h"

enum { SLOTS_MAX = 64 };

struct slot {
    bool is_busy;
    int64_t n_left; /* steps */
    uint64_t ticket;
    struct script_reply reply;
};

struct script {
    struct model model;
    const struct model_script *how;
    int64_t n_steps;
    struct slot slots[SLOTS_MAX];
    struct slot taken;
    char raw[512];
};

void script_mixed(const struct ask *a, struct script_reply *out)
{
    uint64_t dice = rng_below(a->seed, 1, 0, 100);
    *out = (struct script_reply){.end = REPLY_WHOLE};
    (void)snprintf(out->reasoning, sizeof out->reasoning, "dice %d", (int)dice);
    if (dice < 60)
        (void)snprintf(out->content, sizeof out->content, "So \\boxed{42}");
    else if (dice < 80)
        (void)snprintf(out->content, sizeof out->content, "So \\boxed{%d}", (int)dice);
    else if (dice < 85)
        (void)snprintf(out->content, sizeof out->content, "I do not know.");
    else
        out->end = dice < 95 ? REPLY_CUT : REPLY_MALFORMED;
}

static struct str identity(struct model *m)
{
    const struct script *s = (const struct script *)m;
    return str_of(s->how->identity != NULL ? s->how->identity : "script 1");
}

static bool prompt(struct model *m, const struct ask *a, struct buf *out, struct err *e)
{
    (void)m;
    (void)e;
    for (int64_t i = 0; i < a->chat.n; i++)
        buf_fmt(out, "<%d>%.*s", (int)a->chat.at[i].role, STR_ARG(a->chat.at[i].content));
    return true;
}

static struct slot *find_slot(struct script *s, bool is_busy)
{
    for (int64_t i = 0; i < s->how->n_slots; i++) {
        if (s->slots[i].is_busy == is_busy)
            return &s->slots[i];
    }
    return NULL;
}

static bool has_room(struct model *m)
{
    return find_slot((struct script *)m, false) != NULL;
}

static bool submit(struct model *m, const struct ask *a, struct err *e)
{
    struct script *s = (struct script *)m;
    struct slot *slot = find_slot(s, false);
    if (slot == NULL)
        return FAIL(e, ERR_LIMIT, "script: full");
    *slot = (struct slot){.is_busy = true, .ticket = a->ticket};
    slot->n_left = 1 + (int64_t)rng_below(a->seed, 2, 0, 4);
    (s->how->reply != NULL ? s->how->reply : script_mixed)(a, &slot->reply);
    return true;
}

static bool step(struct model *m, struct err *e)
{
    struct script *s = (struct script *)m;
    if (s->how->step_us > 0)
        (void)usleep((unsigned)s->how->step_us);
    if (++s->n_steps == s->how->fail_at_step)
        return FAIL(e, ERR_DEVICE, "script: the device failed, as asked");
    for (int64_t i = 0; i < s->how->n_slots; i++)
        s->slots[i].n_left -= s->slots[i].is_busy;
    return true;
}

static bool take(struct model *m, struct reply *out, struct err *e, bool *is_taken)
{
    struct script *s = (struct script *)m;
    (void)e;
    *is_taken = false;
    for (int64_t i = 0; i < s->how->n_slots && !*is_taken; i++) {
        struct slot *slot = &s->slots[i];
        if (!slot->is_busy || slot->n_left > 0)
            continue;
        slot->is_busy = false;
        s->taken = *slot;
        *is_taken = true;
    }
    if (!*is_taken)
        return true;
    const struct script_reply *r = &s->taken.reply;
    (void)snprintf(s->raw, sizeof s->raw, "%s</think>%s", r->reasoning, r->content);
    *out = (struct reply){.ticket = s->taken.ticket,
                          .end = r->end,
                          .raw = str_of(s->raw),
                          .n_prompt_tokens = 5,
                          .n_thinking_tokens = 2,
                          .n_out_tokens = 7,
                          .logprob_sum = -1.5};
    out->message = (struct message){
        .role = ROLE_ASSISTANT, .content = str_of(r->content), .reasoning = str_of(r->reasoning)};
    if (r->end == REPLY_MALFORMED)
        out->trouble = STR("script: malformed, as asked");
    return true;
}

static void close_script(struct model *m)
{
    free(m);
}

static const struct model_ops ops = {
    .identity = identity,
    .prompt = prompt,
    .submit = submit,
    .has_room = has_room,
    .step = step,
    .take = take,
    .close = close_script,
};

void model_script_open(struct model **out, const struct model_script *how)
{
    struct script *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    s->model.ops = &ops;
    s->how = how;
    *out = &s->model;
}
