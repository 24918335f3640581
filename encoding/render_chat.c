/* podium's own conversations take the road of foreign ones: each message becomes the dictionary
 * upstream would have been given, so there is one set of templates and one set of rules. */
#include <assert.h>

#include "encoding/render.h"

static const char *const role_names[] = {
    [ROLE_SYSTEM] = "system",       [ROLE_DEVELOPER] = "developer", [ROLE_USER] = "user",
    [ROLE_ASSISTANT] = "assistant", [ROLE_TOOL] = "tool",
};

static struct pyval *add(struct pyval *container, const struct pyval **last, const char *key,
                         enum pykind kind, struct arena *a)
{
    struct pyval *v = NEW(a, struct pyval, 1);
    v->kind = kind;
    v->at = -1;
    v->key = str_of(key);
    if (*last == NULL)
        container->first = v;
    else
        ((struct pyval *)(uintptr_t)*last)->next = v;
    *last = v;
    container->n++;
    return v;
}

static void add_text(struct pyval *dict, const struct pyval **last, const char *key,
                     struct str text, struct arena *a)
{
    add(dict, last, key, PY_STR, a)->text = text;
}

static void add_calls(struct pyval *dict, const struct pyval **last, const struct message *m,
                      struct arena *a)
{
    const struct pyval *last_call = NULL;
    struct pyval *list = add(dict, last, "tool_calls", PY_LIST, a);
    for (int64_t i = 0; i < m->n_calls; i++) {
        const struct pyval *last_member = NULL;
        const struct pyval *last_field = NULL;
        struct pyval *call = add(list, &last_call, NULL, PY_DICT, a);
        struct pyval *f = add(call, &last_member, "function", PY_DICT, a);
        add_text(f, &last_field, "name", m->calls[i].name, a);
        add_text(f, &last_field, "arguments", m->calls[i].arguments, a);
    }
}

static void add_message(struct pyval *list, const struct pyval **last, const struct message *m,
                        struct arena *a)
{
    const struct pyval *last_member = NULL;
    struct pyval *dict = add(list, last, NULL, PY_DICT, a);
    assert((size_t)m->role < sizeof role_names / sizeof role_names[0]);
    add_text(dict, &last_member, "role", str_of(role_names[m->role]), a);
    add_text(dict, &last_member, "content", m->content, a);
    if (m->reasoning.n > 0)
        add_text(dict, &last_member, "reasoning_content", m->reasoning, a);
    if (m->n_calls > 0)
        add_calls(dict, &last_member, m, a);
}

bool render_chat(const struct chat *c, struct render_opts o, struct pieces *out, struct arena *keep,
                 struct arena tmp, struct err *e)
{
    enum { VALUES_A_MESSAGE = 5, VALUES_A_CALL = 4 };
    const struct pyval *last = NULL;
    struct pyval list = {.kind = PY_LIST, .at = -1};
    int64_t n_values = c->n * VALUES_A_MESSAGE;
    for (int64_t i = 0; i < c->n; i++)
        n_values += c->at[i].n_calls * VALUES_A_CALL;
    if (tmp.end - tmp.next < n_values * (int64_t)sizeof(struct pyval) + 64) {
        if (o.fault != NULL)
            *o.fault = (struct render_fault){RENDER_TOO_LARGE, 0, -1, -1};
        return FAIL(e, ERR_LIMIT, "a conversation of %lld messages is too large", (long long)c->n);
    }
    for (int64_t i = 0; i < c->n; i++)
        add_message(&list, &last, &c->at[i], &tmp);
    o.thinking = c->thinking;
    return render_json(&list, NULL, o, out, keep, tmp, e);
}
