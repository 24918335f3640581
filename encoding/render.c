/* The order of work is upstream's, statement by statement: which of several faults is reported,
 * and whether an odd conversation is accepted at all, depends on what Python looks at first. */
#include "encoding/render.h"

#include <assert.h>

#include "encoding/special.h"
#include "encoding/tools.h"

struct job {
    const struct pyval **full; /* context, then messages, less what drop_thinking removed */
    int64_t n_full;
    int64_t last_user; /* index in full, -1 none; valid once has_last_user */
    bool has_last_user;
    int64_t *before_run; /* per index: nearest earlier one that is no tool, -1 none, -2 unknown */
    bool thinking;
    struct pieces_out w;
    struct arena values; /* parsed arguments of the call at hand */
    struct arena tmp;
    struct render_fault fault;
    struct render_fault surrogate; /* the first one; matters only if all else is well */
    struct err *e;
};

static const char *const names[] = {
    [RENDER_OK] = "ok",
    [RENDER_NOT_A_LIST] = "not_a_list",
    [RENDER_MESSAGE_KIND] = "message_kind",
    [RENDER_INDEX] = "index",
    [RENDER_ROLE] = "role",
    [RENDER_TOOLS_KIND] = "tools_kind",
    [RENDER_TOOL_FUNCTION] = "tool_function",
    [RENDER_CALLS_KIND] = "calls_kind",
    [RENDER_CALL_FUNCTION] = "call_function",
    [RENDER_CALL_NAME] = "call_name",
    [RENDER_CALL_ARGUMENTS] = "call_arguments",
    [RENDER_ARGUMENTS_KIND] = "arguments_kind",
    [RENDER_ARGUMENTS_JSON] = "arguments_json",
    [RENDER_ARGUMENTS_OBJECT] = "arguments_object",
    [RENDER_DEVELOPER_EMPTY] = "developer_empty",
    [RENDER_NO_REASONING] = "no_reasoning",
    [RENDER_TOOL_ORPHAN] = "tool_orphan",
    [RENDER_TOOL_COUNT] = "tool_count",
    [RENDER_TOOL_CALLS_KIND] = "tool_calls_kind",
    [RENDER_SURROGATE] = "surrogate",
    [RENDER_TOO_LARGE] = "too_large",
    [RENDER_MODE] = "mode",
};

const char *render_code_name(enum render_code c)
{
    assert((size_t)c < sizeof names / sizeof names[0]);
    return names[c];
}

/* what: one line in English. v: the value at fault, NULL when there is none. */
static bool refuse(struct job *j, enum render_code code, int64_t message, const struct pyval *v,
                   const char *what)
{
    int64_t byte = v == NULL ? -1 : v->at;
    enum err_class cls = code == RENDER_TOO_LARGE ? ERR_LIMIT : ERR_INPUT;
    j->fault = (struct render_fault){code, message, byte, -1};
    if (byte < 0)
        return FAIL(j->e, cls, "message %lld: %s: %s", (long long)message, names[code], what);
    return FAIL(j->e, cls, "message %lld (byte %lld): %s: %s", (long long)message, (long long)byte,
                names[code], what);
}

static bool is_str(const struct pyval *v, struct str s)
{
    return v != NULL && v->kind == PY_STR && str_eq(v->text, s);
}

static const struct pyval *role_of(const struct pyval *message)
{
    return pyjson_get(message, STR("role"));
}

static bool is_turn_opener(const struct pyval *message)
{
    const struct pyval *role = role_of(message);
    return is_str(role, STR("user")) || is_str(role, STR("developer"));
}

static bool no_object(struct job *j, int64_t index)
{
    return refuse(j, RENDER_MESSAGE_KIND, index, j->full[index], "a message must be an object");
}

/* Searched from the end, so only what stands behind the last user is looked at. */
static bool find_last_user(struct job *j)
{
    if (j->has_last_user)
        return true;
    int64_t i = j->n_full - 1;
    for (; i >= 0; i--) {
        if (j->full[i]->kind != PY_DICT)
            return no_object(j, i);
        if (is_turn_opener(j->full[i]))
            break;
    }
    j->last_user = i;
    j->has_last_user = true;
    return true;
}

/* Upstream also takes the reasoning out of earlier assistants here; no template would have shown
 * it. What can be seen is that every other unusual role before the last user disappears. */
static bool drop_thinking(struct job *j)
{
    int64_t n = 0;
    TRY(find_last_user(j));
    int64_t last_user = j->last_user;
    for (int64_t i = 0; i < j->n_full; i++) {
        if (j->full[i]->kind != PY_DICT)
            return no_object(j, i);
        const struct pyval *role = role_of(j->full[i]);
        if (i >= last_user || is_str(role, STR("user")) || is_str(role, STR("system")) ||
            is_str(role, STR("tool")) || is_str(role, STR("assistant"))) {
            if (i == last_user)
                j->last_user = n;
            j->full[n++] = j->full[i];
        }
    }
    j->n_full = n;
    return true;
}

static void note_surrogate(struct job *j, int64_t index, const struct pyval *where)
{
    if (j->surrogate.code == RENDER_OK)
        j->surrogate = (struct render_fault){RENDER_SURROGATE, index, where->at, -1};
}

/* Text of somebody else: str(v). */
static void put_value(struct job *j, int64_t index, const struct pyval *v)
{
    struct buf text = {0};
    if (v != NULL && v->kind == PY_STR && v->has_surrogate)
        note_surrogate(j, index, v);
    pyjson_str(v, &text);
    pieces_text(&j->w, buf_str(&text));
    buf_free(&text);
}

static void put_value_or_empty(struct job *j, int64_t index, const struct pyval *v)
{
    if (pyjson_truth(v))
        put_value(j, index, v);
}

static void put(struct job *j, struct str literal)
{
    pieces_template(&j->w, literal);
}

static void put_think(struct job *j, bool open)
{
    put(j, open ? STR(SPECIAL_THINK) : STR(SPECIAL_THINK_END));
}

static bool check_tools(struct job *j, int64_t index, const struct pyval *tools)
{
    if (!pyjson_truth(tools))
        return true;
    if (tools->kind != PY_LIST)
        return refuse(j, RENDER_TOOLS_KIND, index, tools, "tools must be a list of objects");
    for (const struct pyval *t = tools->first; t != NULL; t = t->next) {
        if (t->kind != PY_DICT)
            return refuse(j, RENDER_TOOLS_KIND, index, t, "a tool must be an object");
        if (pyjson_get(t, STR("function")) == NULL)
            return refuse(j, RENDER_TOOL_FUNCTION, index, t, "a tool lacks \"function\"");
    }
    return true;
}

static bool check_call(struct job *j, int64_t index, const struct pyval *call)
{
    if (call->kind != PY_DICT)
        return refuse(j, RENDER_CALLS_KIND, index, call, "a tool call must be an object");
    const struct pyval *f = pyjson_get(call, STR("function"));
    if (f == NULL)
        return refuse(j, RENDER_CALL_FUNCTION, index, call, "a tool call lacks \"function\"");
    if (f->kind != PY_DICT)
        return refuse(j, RENDER_CALLS_KIND, index, f, "a call's function must be an object");
    if (pyjson_get(f, STR("name")) == NULL)
        return refuse(j, RENDER_CALL_NAME, index, f, "a call's function lacks \"name\"");
    if (pyjson_get(f, STR("arguments")) == NULL)
        return refuse(j, RENDER_CALL_ARGUMENTS, index, f, "a call's function lacks \"arguments\"");
    return true;
}

static bool check_calls(struct job *j, int64_t index, const struct pyval *calls)
{
    if (!pyjson_truth(calls))
        return true;
    if (calls->kind != PY_LIST)
        return refuse(j, RENDER_CALLS_KIND, index, calls, "tool_calls must be a list of objects");
    for (const struct pyval *c = calls->first; c != NULL; c = c->next)
        TRY(check_call(j, index, c));
    return true;
}

/* Tools and response format, each behind an empty line. */
static void put_tools_and_format(struct job *j, const struct pyval *m)
{
    const struct pyval *tools = pyjson_get(m, STR("tools"));
    const struct pyval *format = pyjson_get(m, STR("response_format"));
    if (pyjson_truth(tools)) {
        put(j, STR("\n\n"));
        tools_section(&j->w, tools);
    }
    if (pyjson_truth(format)) {
        put(j, STR("\n\n"));
        tools_response_format(&j->w, format);
    }
}

static bool render_system(struct job *j, int64_t index, const struct pyval *m)
{
    put_value_or_empty(j, index, pyjson_get(m, STR("content")));
    put_tools_and_format(j, m);
    return true;
}

static bool render_developer(struct job *j, int64_t index, const struct pyval *m)
{
    const struct pyval *content = pyjson_get(m, STR("content"));
    if (!pyjson_truth(content))
        return refuse(j, RENDER_DEVELOPER_EMPTY, index, m,
                      "Invalid message for role `developer`: no content");
    put(j, STR(SPECIAL_USER));
    put_tools_and_format(j, m);
    put(j, STR("\n\n# The user's message is: "));
    put_value(j, index, content);
    put(j, STR(SPECIAL_ASSISTANT));
    put_think(j, j->thinking && index == j->last_user);
    return true;
}

static bool render_user(struct job *j, int64_t index, const struct pyval *m)
{
    put(j, STR(SPECIAL_USER));
    put_value(j, index, pyjson_get(m, STR("content")));
    put(j, STR(SPECIAL_ASSISTANT));
    put_think(j, j->thinking && index == j->last_user);
    return true;
}

static bool load_arguments(struct job *j, int64_t index, const struct pyval *text,
                           const struct pyval **out)
{
    struct pyjson_fault fault = {0};
    struct err inner = {0};
    if (text->kind != PY_STR)
        return refuse(j, RENDER_ARGUMENTS_KIND, index, text, "arguments must be a string");
    struct arena values = j->values;
    if (text->has_surrogate) /* stricter than Python, which could not print the outcome either */
        return refuse(j, RENDER_SURROGATE, index, text, "a lone surrogate in arguments");
    if (!pyjson_loads(text->text, out, &fault, &values, j->tmp, &inner)) {
        bool is_large = fault.code == PYJSON_TOO_LARGE;
        (void)refuse(j, is_large ? RENDER_TOO_LARGE : RENDER_ARGUMENTS_JSON, index, text,
                     inner.text);
        j->fault.inner = fault.at;
        return false;
    }
    if ((*out)->kind != PY_DICT)
        return refuse(j, RENDER_ARGUMENTS_OBJECT, index, text, "arguments must be a JSON object");
    return true;
}

static bool has_bare_surrogate(const struct pyval *arguments)
{
    for (const struct pyval *v = arguments->first; v != NULL; v = v->next)
        if (v->key_surrogate || (v->kind == PY_STR && v->has_surrogate))
            return true;
    return false;
}

static bool render_calls(struct job *j, int64_t index, const struct pyval *calls)
{
    tools_open(&j->w);
    for (const struct pyval *c = calls->first; c != NULL; c = c->next) {
        const struct pyval *f = pyjson_get(c, STR("function"));
        const struct pyval *name = pyjson_get(f, STR("name"));
        const struct pyval *arguments = NULL;
        struct buf text = {0};
        const struct pyval *given = pyjson_get(f, STR("arguments"));
        TRY(load_arguments(j, index, given, &arguments));
        if (name->kind == PY_STR && name->has_surrogate)
            note_surrogate(j, index, name);
        if (has_bare_surrogate(arguments))
            note_surrogate(j, index, given);
        pyjson_str(name, &text);
        tools_call(&j->w, buf_str(&text), arguments, c == calls->first);
        buf_free(&text);
    }
    tools_close(&j->w);
    return true;
}

static bool render_assistant(struct job *j, int64_t index, const struct pyval *m)
{
    const struct pyval *calls = pyjson_get(m, STR("tool_calls"));
    const struct pyval *reasoning = pyjson_get(m, STR("reasoning_content"));
    bool shows_thinking = j->thinking && index > j->last_user;
    if (shows_thinking) {
        put_value_or_empty(j, index, reasoning);
        put_think(j, false);
    }
    put_value_or_empty(j, index, pyjson_get(m, STR("content")));
    if (pyjson_truth(calls))
        TRY(render_calls(j, index, calls));
    if (shows_thinking && !pyjson_truth(reasoning) && !pyjson_truth(calls))
        return refuse(j, RENDER_NO_REASONING, index, m,
                      "ThinkingMode: thinking, invalid message without "
                      "reasoning_content/tool_calls after last user message");
    put(j, STR(SPECIAL_EOS));
    return true;
}

/* The nearest message before `index` that is not a tool result, -1 when there is none. Each
 * answer is kept: a run of results is walked once. */
static bool find_caller(struct job *j, int64_t index, int64_t *caller)
{
    int64_t at = index - 1;
    while (at >= 0 && j->before_run[at] == -2) {
        if (j->full[at]->kind != PY_DICT)
            return no_object(j, at);
        if (!is_str(role_of(j->full[at]), STR("tool")))
            break;
        at--;
    }
    bool is_known = at >= 0 && j->before_run[at] != -2;
    *caller = is_known ? j->before_run[at] : at;
    j->before_run[index] = *caller;
    return true;
}

/* len(v) of a true value, or a refusal. */
static bool length_of(struct job *j, int64_t index, const struct pyval *v, int64_t *n)
{
    if (v->kind == PY_LIST || v->kind == PY_DICT) {
        *n = v->n;
        return true;
    }
    if (v->kind != PY_STR)
        return refuse(j, RENDER_TOOL_CALLS_KIND, index, v, "tool_calls has no length");
    *n = 0;
    for (int64_t i = 0; i < v->text.n; i++)
        *n += ((unsigned char)v->text.at[i] & 0xC0) != 0x80;
    return true;
}

/* A result at index 0 has caller -1, and Python's list[-1] is the last message: upstream takes
 * that one's tool_calls, and so does this. */
static bool render_tool(struct job *j, int64_t index, const struct pyval *m)
{
    int64_t caller_index = -1;
    TRY(find_caller(j, index, &caller_index));
    int64_t consulted = caller_index < 0 ? j->n_full - 1 : caller_index;
    const struct pyval *caller = j->full[consulted];
    if (index > 0 && (caller_index < 0 || !is_str(role_of(caller), STR("assistant"))))
        return refuse(j, RENDER_TOOL_ORPHAN, index, m,
                      "Invalid messages: a tool result must follow an assistant message");
    if (caller->kind != PY_DICT)
        return no_object(j, consulted);
    const struct pyval *calls = pyjson_get(caller, STR("tool_calls"));
    int64_t order = index - caller_index;
    int64_t n_calls = 0;
    if (pyjson_truth(calls))
        TRY(length_of(j, index, calls, &n_calls));
    if (n_calls < order)
        return refuse(j, RENDER_TOOL_COUNT, index, m, "No tool calls but found tool output");
    if (order == 1)
        put(j, STR("\n\n<function_results>"));
    put(j, STR("\n<result>"));
    put_value(j, index, pyjson_get(m, STR("content")));
    put(j, STR("</result>"));
    if (order == n_calls) {
        put(j, STR("\n</function_results>\n\n"));
        put_think(j, j->thinking && index >= j->last_user);
    }
    return true;
}

static bool render_message(struct job *j, int64_t index)
{
    if (index >= j->n_full)
        return refuse(j, RENDER_INDEX, index, NULL,
                      "drop_thinking removed earlier messages, so this index is past the end");
    TRY(find_last_user(j));
    const struct pyval *m = j->full[index];
    if (m->kind != PY_DICT)
        return no_object(j, index);
    TRY(check_tools(j, index, pyjson_get(m, STR("tools"))));
    TRY(check_calls(j, index, pyjson_get(m, STR("tool_calls"))));
    const struct pyval *role = role_of(m);
    if (is_str(role, STR("system")))
        return render_system(j, index, m);
    if (is_str(role, STR("developer")))
        return render_developer(j, index, m);
    if (is_str(role, STR("user")))
        return render_user(j, index, m);
    if (is_str(role, STR("tool")))
        return render_tool(j, index, m);
    if (is_str(role, STR("assistant")))
        return render_assistant(j, index, m);
    return refuse(j, RENDER_ROLE, index, role == NULL ? m : role, "Unknown role");
}

static bool render_all(struct job *j, int64_t n_context, int64_t n_messages, struct render_opts o)
{
    if (j->thinking && !o.keep_thinking)
        TRY(drop_thinking(j));
    if (!o.no_bos && n_context == 0)
        put(j, STR(SPECIAL_BOS));
    for (int64_t i = 0; i < n_messages; i++)
        TRY(render_message(j, i + n_context));
    if (j->surrogate.code == RENDER_OK)
        return true;
    struct pyval where = {.at = j->surrogate.byte};
    return refuse(j, RENDER_SURROGATE, j->surrogate.message, &where,
                  "a lone surrogate cannot be written as text");
}

static void release_writer(struct job *j)
{
    pieces_out_free(&j->w);
}

static bool gather(struct job *j, const struct pyval *messages, const struct pyval *context)
{
    int64_t n = messages->n + (context == NULL ? 0 : context->n);
    if (j->tmp.end - j->tmp.next < n * 16 + 256)
        return refuse(j, RENDER_TOO_LARGE, 0, messages, "too many messages");
    j->full = NEW(&j->tmp, const struct pyval *, n);
    j->before_run = NEW(&j->tmp, int64_t, n);
    for (int64_t i = 0; i < n; i++)
        j->before_run[i] = -2;
    for (const struct pyval *m = context == NULL ? NULL : context->first; m != NULL; m = m->next)
        j->full[j->n_full++] = m;
    for (const struct pyval *m = messages->first; m != NULL; m = m->next)
        j->full[j->n_full++] = m;
    assert(j->n_full == n);
    /* Two arenas out of one: values grow in the lower half while the reader sorts in the upper. */
    unsigned char *middle = j->tmp.next + (j->tmp.end - j->tmp.next) / 2;
    j->values = (struct arena){.next = j->tmp.next, .end = middle, .name = "render values"};
    j->tmp.next = middle;
    return true;
}

static bool run(struct job *j, const struct pyval *messages, const struct pyval *context,
                struct render_opts o, struct pieces *out, struct arena *keep)
{
    if (!pyjson_truth(context))
        context = NULL;
    if (messages->kind != PY_LIST)
        return refuse(j, RENDER_NOT_A_LIST, 0, messages, "messages must be a list");
    if (context != NULL && context->kind != PY_LIST)
        return refuse(j, RENDER_NOT_A_LIST, 0, context, "context must be a list");
    TRY(gather(j, messages, context));
    TRY(render_all(j, context == NULL ? 0 : context->n, messages->n, o));
    return pieces_finish(&j->w, out, keep) ||
           refuse(j, RENDER_TOO_LARGE, 0, NULL, "the prompt exceeds the memory set aside");
}

bool render_json(const struct pyval *messages, const struct pyval *context, struct render_opts o,
                 struct pieces *out, struct arena *keep, struct arena tmp, struct err *e)
{
    CLEANUP(release_writer) struct job j = {.thinking = o.thinking, .tmp = tmp, .e = e};
    if (run(&j, messages, context, o, out, keep))
        return true;
    assert(j.fault.code != RENDER_OK);
    if (o.fault != NULL)
        *o.fault = j.fault;
    return false;
}
