/* parse after render is the identity on the messages a model can write. */
#include "base/limits.h"
#include "base/rng.h"
#include "encoding/dsml.h"
#include "encoding/parse.h"
#include "encoding/render.h"
#include "tests/support/support.h"

static struct arena keep;
static struct arena tmp;

static void start(void)
{
    arena_init(&keep, "test", LIMIT_GIB);
    arena_init(&tmp, "test tmp", LIMIT_GIB);
}

static void finish(void)
{
    arena_fini(&keep);
    arena_fini(&tmp);
}

TestSuite(encoding_round_trip, .init = start, .fini = finish);

struct dice {
    uint64_t seed;
    uint64_t thrown;
};

static int64_t dice(struct dice *d, int64_t n)
{
    return (int64_t)rng_below(d->seed, 1, d->thrown++, (uint64_t)n);
}

/* Text out of parts that look like markup without being a control string. */
static struct str random_text(struct dice *d)
{
    static const char *const parts[] = {
        "a",   " ", "\n",    "\n\n", "\"",         "\\", "<",
        ">",   "/", "think", "é",    "你好",       "📅",  "{",
        "}",   "'", "｜",    "DSML", "<｜User｜>", "\t", "string=\"true\">",
        "\x01"};
    struct buf text = {0};
    buf_put(&text, STR(""));
    for (int64_t n = dice(d, 8); n > 0; n--)
        buf_put(&text, str_of(parts[dice(d, sizeof parts / sizeof parts[0])]));
    struct str kept = arena_str(&keep, buf_str(&text));
    buf_free(&text);
    return dsml_forbidden(kept) >= 0 ? STR("x") : kept;
}

static struct str random_arguments(struct dice *d)
{
    static const char *const values[] = {"1",     "-2.5",
                                         "true",  "null",
                                         "[]",    "{\"a\": [1, \"x\"]}",
                                         "1e-05", "123456789012345678901234567890"};
    struct buf text = {0};
    buf_byte(&text, '{');
    int64_t n = dice(d, 4);
    for (int64_t i = 0; i < n; i++) {
        buf_fmt(&text, "%s\"k%lld\": ", i == 0 ? "" : ", ", (long long)i);
        if (dice(d, 2) == 0)
            buf_put(&text, str_of(values[dice(d, sizeof values / sizeof values[0])]));
        else
            pyjson_dumps_str(random_text(d), &text);
    }
    buf_byte(&text, '}');
    struct str kept = arena_str(&keep, buf_str(&text));
    buf_free(&text);
    return kept;
}

static struct message random_message(struct dice *d, bool thinking)
{
    int64_t n = dice(d, 4);
    struct tool_call *calls = NEW(&keep, struct tool_call, n);
    for (int64_t i = 0; i < n; i++)
        calls[i] = (struct tool_call){arena_fmt(&keep, "f%lld", (long long)dice(d, 9)),
                                      random_arguments(d)};
    struct message m = {ROLE_ASSISTANT, random_text(d), {0}, calls, n};
    if (thinking)
        m.reasoning = n == 0 ? STR("because") : random_text(d);
    return m;
}

static void check(const struct message *m, bool thinking, bool recover)
{
    struct err e = {0};
    struct pieces p;
    struct parsed got;
    struct message turns[] = {{.role = ROLE_USER, .content = STR("u")}, *m};
    struct chat asked = {turns, 1, thinking};
    struct chat answered = {turns, 2, thinking};
    ASSERT_OK(render_chat(&asked, (struct render_opts){0}, &p, &keep, tmp, &e), e);
    int64_t n_prompt = p.text.n;
    ASSERT_OK(render_chat(&answered, (struct render_opts){0}, &p, &keep, tmp, &e), e);
    struct parse_opts o = {.thinking = thinking, .recover = recover};
    struct str reply = str_sub(p.text, n_prompt, p.text.n);
    ASSERT_OK(parse_completion(reply, o, &got, &keep, tmp, &e), e);
    cr_assert_eq(got.n_notes, 0, "%.*s", STR_ARG(reply));
    cr_assert(got.is_whole);
    cr_assert(str_eq(got.message.content, m->content), "%.*s", STR_ARG(reply));
    cr_assert(str_eq(got.message.reasoning, m->reasoning), "%.*s", STR_ARG(reply));
    cr_assert_eq(got.message.n_calls, m->n_calls);
    for (int64_t i = 0; i < m->n_calls; i++) {
        cr_assert(str_eq(got.message.calls[i].name, m->calls[i].name));
        cr_assert(str_eq(got.message.calls[i].arguments, m->calls[i].arguments), "%.*s",
                  STR_ARG(reply));
    }
}

Test(encoding_round_trip, random_messages_come_back)
{
    struct dice d = {.seed = support_seed(20261123)};
    for (int i = 0; i < 3000; i++) {
        bool thinking = dice(&d, 2) == 0;
        struct message m = random_message(&d, thinking);
        check(&m, thinking, i % 2 == 0);
    }
}

static struct str text_of(const struct pyval *dict, const char *name)
{
    const struct pyval *v = pyjson_get(dict, str_of(name));
    return v == NULL ? STR("") : v->text;
}

/* Every assistant message of the official example, rendered behind its history as context. */
Test(encoding_round_trip, official_messages_come_back)
{
    struct err e = {0};
    const struct pyval *root;
    struct str text = support_read(support_vector("encoding/test_input.json"), &keep);
    ASSERT_OK(pyjson_loads(text, &root, NULL, &keep, tmp, &e), e);
    const struct pyval *all = pyjson_get(root, STR("messages"));
    int64_t i = 0;
    int64_t n_read = 0;
    for (const struct pyval *m = all->first; m != NULL; m = m->next, i++) {
        if (!str_eq(text_of(m, "role"), STR("assistant")))
            continue;
        struct pieces p;
        struct parsed got;
        struct pyval context = *all;
        struct pyval one = *m;
        struct pyval messages = {.kind = PY_LIST, .first = &one, .n = 1};
        struct pyval *copy = NEW(&keep, struct pyval, i);
        const struct pyval *from = all->first;
        for (int64_t k = 0; k < i; k++, from = from->next) {
            copy[k] = *from;
            copy[k].next = k + 1 < i ? &copy[k + 1] : NULL;
        }
        context.first = copy;
        context.n = i;
        one.next = NULL;
        struct render_opts o = {.thinking = true};
        ASSERT_OK(render_json(&messages, &context, o, &p, &keep, tmp, &e), e);
        struct parse_opts strict = {.thinking = true};
        ASSERT_OK(parse_completion(p.text, strict, &got, &keep, tmp, &e), e);
        cr_assert(str_eq(got.message.content, text_of(m, "content")));
        cr_assert(str_eq(got.message.reasoning, text_of(m, "reasoning_content")));
        const struct pyval *calls = pyjson_get(m, STR("tool_calls"));
        cr_assert_eq(got.message.n_calls, calls == NULL ? 0 : calls->n);
        const struct pyval *c = calls == NULL ? NULL : calls->first;
        for (int64_t k = 0; c != NULL; c = c->next, k++) {
            const struct pyval *f = pyjson_get(c, STR("function"));
            cr_assert(str_eq(got.message.calls[k].name, text_of(f, "name")));
            cr_assert(str_eq(got.message.calls[k].arguments, text_of(f, "arguments")));
        }
        n_read++;
    }
    cr_assert_gt(n_read, 3);
}
