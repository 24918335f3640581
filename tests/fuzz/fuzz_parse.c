/* Completions; the first byte chooses the mode.
 *   - Recover never fails, its notes lie in the text, its arguments are JSON objects with UTF-8.
 *   - What strict accepts whole and sound, recover gives back without notes.
 *   - What strict accepts, rendered and read again, is the same message. */
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "encoding/parse.h"
#include "encoding/parse_parts.h"
#include "encoding/pyjson.h"
#include "encoding/render.h"
#include "encoding/special.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abort();                                                                               \
    } while (0)

static struct arena keep;
static struct arena tmp;

static int64_t count(struct str s, struct str mark)
{
    int64_t n = 0;
    for (int64_t i = 0; (i = str_find(s, mark, i)) >= 0; i += mark.n)
        n++;
    return n;
}

/* Arguments in json.dumps' spelling: the raw text may be spaced as it likes. */
static void canonical(struct str arguments, struct buf *out)
{
    struct err e;
    const struct pyval *v;
    HOLDS(pyjson_loads(arguments, &v, NULL, &keep, tmp, &e));
    HOLDS(v->kind == PY_DICT);
    pyjson_dumps(v, out);
}

static void same_message(const struct message *a, const struct message *b)
{
    HOLDS(str_eq(a->content, b->content));
    HOLDS(str_eq(a->reasoning, b->reasoning));
    HOLDS(a->n_calls == b->n_calls);
    for (int64_t i = 0; i < a->n_calls; i++) {
        struct buf left = {0};
        struct buf right = {0};
        canonical(a->calls[i].arguments, &left);
        canonical(b->calls[i].arguments, &right);
        HOLDS(str_eq(a->calls[i].name, b->calls[i].name));
        HOLDS(str_eq(buf_str(&left), buf_str(&right)));
        buf_free(&left);
        buf_free(&right);
    }
}

/* Only when rendering brings no markup that was hidden behind JSON escapes, or loses some. */
static void render_and_read_again(struct str text, const struct parsed *p, bool thinking)
{
    struct err e;
    struct pieces prompt;
    struct parsed again;
    struct message m[2] = {{.role = ROLE_USER}, p->message};
    struct chat c = {m, 2, thinking};
    struct str head = thinking ? STR(SPECIAL_BOS SPECIAL_USER SPECIAL_ASSISTANT SPECIAL_THINK)
                               : STR(SPECIAL_BOS SPECIAL_USER SPECIAL_ASSISTANT SPECIAL_THINK_END);
    if (!render_chat(&c, (struct render_opts){0}, &prompt, &keep, tmp, &e))
        return; /* neither reasoning nor calls */
    HOLDS(str_starts(prompt.text, head));
    struct str reply = str_sub(prompt.text, head.n, prompt.text.n);
    int64_t n_closed = count(text, STR("</" SPECIAL_DSML "invoke>"));
    if (!p->is_whole || n_closed != p->message.n_calls ||
        count(text, STR(SPECIAL_DSML)) != count(reply, STR(SPECIAL_DSML)) ||
        count(text, STR(SPECIAL_PARAM_END)) != count(reply, STR(SPECIAL_PARAM_END)))
        return;
    HOLDS(
        parse_completion(reply, (struct parse_opts){.thinking = thinking}, &again, &keep, tmp, &e));
    same_message(&p->message, &again.message);
}

static void check_recovered(struct str text, const struct parsed *p)
{
    struct buf json = {0};
    struct err e;
    const struct pyval *v;
    HOLDS(p->n_notes <= PARSE_NOTES_MAX);
    for (int64_t i = 0; i < p->n_notes; i++)
        HOLDS(p->notes[i].at >= 0 && p->notes[i].at <= text.n);
    for (int64_t i = 0; i < p->message.n_calls; i++)
        canonical(p->message.calls[i].arguments, &json);
    buf_clear(&json);
    parse_print(p, true, &json);
    HOLDS(pyjson_loads(buf_str(&json), &v, NULL, &keep, tmp, &e));
    buf_free(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (keep.first == NULL) {
        arena_init(&keep, "fuzz", LIMIT_GIB);
        arena_init(&tmp, "fuzz tmp", LIMIT_GIB);
    }
    arena_reset(&keep);
    if (size == 0)
        return 0;
    struct err e;
    struct parsed strict;
    struct parsed recovered;
    struct parse_note fault = {0};
    bool is_sound = false;
    bool thinking = (data[0] & 1) != 0;
    struct str text = {(const char *)data + 1, (int64_t)size - 1};
    bool ok = parse_strict(text, thinking, &strict, &is_sound, &fault, &keep, tmp);
    HOLDS(ok || (fault.code != PARSE_OK && fault.at >= 0 && fault.at <= text.n));
    struct parse_opts o = {.thinking = thinking, .recover = true};
    HOLDS(parse_completion(text, o, &recovered, &keep, tmp, &e));
    check_recovered(text, &recovered);
    HOLDS(recovered.n_notes == 0 || !ok || !is_sound || !strict.is_whole);
    HOLDS(recovered.n_notes > 0 || (ok && is_sound && strict.is_whole));
    if (recovered.n_notes == 0)
        same_message(&strict.message, &recovered.message);
    if (ok && is_sound)
        render_and_read_again(text, &strict, thinking);
    return 0;
}
