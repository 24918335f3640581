/* `podium encode`: a JSON document from standard input to the bytes of a prompt. */
#include "base/limits.h"
#include "encoding/render.h"

bool render_mode(struct str name, bool *thinking, struct err *e)
{
    if (!str_eq(name, STR("thinking")) && !str_eq(name, STR("chat")))
        return FAIL(e, ERR_USAGE, "Invalid thinking_mode `%.*s` (chat or thinking)", STR_ARG(name));
    *thinking = str_eq(name, STR("thinking"));
    return true;
}

struct document {
    const struct pyval *messages;
    const struct pyval *context;
    struct render_opts opts;
};

static const char *const members[] = {"messages", "context", "drop_thinking",
                                      "add_default_bos_token"};

static bool unknown_member(const struct pyval *m, struct err *e)
{
    const char *nearest = members[0];
    for (int k = 1; k < (int)(sizeof members / sizeof members[0]); k++)
        if (str_distance(m->key, str_of(members[k])) < str_distance(m->key, str_of(nearest)))
            nearest = members[k];
    struct str key = str_sub(m->key, 0, 64);
    return FAIL(e, ERR_INPUT, "unknown member \"%.*s\" (value at byte %lld): did you mean \"%s\"?",
                STR_ARG(key), (long long)m->at, nearest);
}

static bool read_flag(const struct pyval *m, bool *inverse, struct err *e)
{
    if (m->kind != PY_BOOL)
        return FAIL(e, ERR_INPUT, "byte %lld: \"%.*s\" must be true or false", (long long)m->at,
                    STR_ARG(m->key));
    *inverse = !m->truth;
    return true;
}

static bool read_member(const struct pyval *m, struct document *d, struct err *e)
{
    if (str_eq(m->key, STR("messages")))
        d->messages = m;
    else if (str_eq(m->key, STR("context")))
        d->context = m;
    else if (str_eq(m->key, STR("drop_thinking")))
        return read_flag(m, &d->opts.keep_thinking, e);
    else if (str_eq(m->key, STR("add_default_bos_token")))
        return read_flag(m, &d->opts.no_bos, e);
    else
        return unknown_member(m, e);
    return true;
}

static bool read_object(const struct pyval *root, struct document *d, struct err *e)
{
    if (root->kind != PY_DICT)
        return FAIL(e, ERR_INPUT, "byte %lld: expected an object with \"messages\"",
                    (long long)root->at);
    for (const struct pyval *m = root->first; m != NULL; m = m->next)
        TRY(read_member(m, d, e));
    if (d->messages == NULL)
        return FAIL(e, ERR_INPUT, "the object lacks \"messages\"");
    return true;
}

bool render_document(struct str text, bool json_input, bool thinking, struct buf *out,
                     struct err *e)
{
    CLEANUP(arena_fini) struct arena keep = {0};
    CLEANUP(arena_fini) struct arena tmp = {0};
    struct document d = {.opts = {.thinking = thinking}};
    struct pieces p;
    const struct pyval *root;
    arena_init(&keep, "encode", LIMIT_ARENA_RUN);
    arena_init(&tmp, "encode tmp", LIMIT_ARENA_TMP);
    if (!pyjson_loads(text, &root, NULL, &keep, tmp, e))
        return err_wrap(e, "input");
    if (json_input)
        TRY(read_object(root, &d, e));
    else if (root->kind == PY_LIST)
        d.messages = root;
    else
        return FAIL(e, ERR_INPUT, "byte %lld: expected an array of messages%s", (long long)root->at,
                    root->kind == PY_DICT ? " (an object needs --json-input)" : "");
    TRY(render_json(d.messages, d.context, d.opts, &p, &keep, tmp, e));
    buf_put(out, p.text);
    return true;
}
