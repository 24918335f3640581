#include "harness/questions.h"

#include <assert.h>

#include "base/hash.h"
#include "base/json.h"

static const char *const roles[] = {[ROLE_SYSTEM] = "system",
                                    [ROLE_DEVELOPER] = "developer",
                                    [ROLE_USER] = "user",
                                    [ROLE_ASSISTANT] = "assistant",
                                    [ROLE_TOOL] = "tool"};

void questions_fini(struct questions *q)
{
    for (int i = 0; i < LIMIT_ASKED; i++)
        buf_free(&q->at[i].text);
}

bool questions_has_room(const struct questions *q)
{
    return q->n < LIMIT_ASKED;
}

void question_hash(const struct chat *c, char out[65])
{
    struct str field[1 + 3 * QUESTION_MESSAGES];
    int64_t n = 0;
    assert(c->n <= QUESTION_MESSAGES);
    field[n++] = c->thinking ? STR("thinking") : STR("chat");
    for (int64_t i = 0; i < c->n; i++) {
        field[n++] = str_of(roles[c->at[i].role]);
        field[n++] = c->at[i].content;
        field[n++] = c->at[i].reasoning;
    }
    struct hash h = hash_fields(field, n);
    hash_hex(&h, out);
}

/* All texts behind each other first: growing moves them. */
static void copy_chat(struct question *x, const struct chat *c)
{
    buf_clear(&x->text);
    for (int64_t i = 0; i < c->n; i++) {
        buf_put(&x->text, c->at[i].content);
        buf_put(&x->text, c->at[i].reasoning);
    }
    int64_t at = 0;
    for (int64_t i = 0; i < c->n; i++) {
        const struct message *m = &c->at[i];
        assert(m->n_calls == 0);
        x->messages[i] =
            (struct message){.role = m->role,
                             .content = str_sub(buf_str(&x->text), at, at + m->content.n),
                             .reasoning = str_sub(buf_str(&x->text), at + m->content.n,
                                                  at + m->content.n + m->reasoning.n)};
        at += m->content.n + m->reasoning.n;
    }
    x->chat = (struct chat){.at = x->messages, .n = c->n, .thinking = c->thinking};
}

struct question *questions_put(struct questions *q, const char hash[65], const struct chat *c)
{
    struct question *place = NULL;
    assert(questions_has_room(q));
    assert(c->n <= QUESTION_MESSAGES);
    for (int i = 0; i < LIMIT_ASKED; i++) {
        struct question *x = &q->at[i];
        if (x->state == QUESTION_FREE && place == NULL)
            place = x;
        if (x->state != QUESTION_FREE && strcmp(x->hash, hash) == 0)
            return x;
    }
    place->state = QUESTION_WAITING;
    place->first_job = -1;
    memcpy(place->hash, hash, sizeof place->hash);
    copy_chat(place, c);
    q->n++;
    return place;
}

struct question *questions_waiting(struct questions *q)
{
    for (int i = 0; i < LIMIT_ASKED && q->n > 0; i++)
        if (q->at[i].state == QUESTION_WAITING)
            return &q->at[i];
    return NULL;
}

void questions_drop(struct questions *q, struct question *which)
{
    assert(which->state != QUESTION_FREE);
    assert(q->n > 0);
    which->state = QUESTION_FREE;
    q->n--;
}

void question_json(const struct chat *c, struct buf *out)
{
    CLEANUP(json_out_free) struct json_out w = {0};
    json_open(&w, '[');
    for (int64_t i = 0; i < c->n; i++) {
        json_open(&w, '{');
        json_pair_str(&w, "role", str_of(roles[c->at[i].role]));
        json_pair_str(&w, "content", c->at[i].content);
        if (c->at[i].reasoning.n > 0)
            json_pair_str(&w, "reasoning", c->at[i].reasoning);
        json_close(&w, '}');
    }
    json_close(&w, ']');
    buf_put(out, buf_str(&w.text));
}
