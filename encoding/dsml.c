#include "encoding/dsml.h"

#include "base/utf8.h"
#include "encoding/pyjson.h"
#include "encoding/special.h"

static int mark_at(struct str text, int64_t i, const struct str *marks, int n)
{
    for (int k = 0; k < n; k++)
        if (text.at[i] == marks[k].at[0] && text.n - i >= marks[k].n &&
            memcmp(text.at + i, marks[k].at, (size_t)marks[k].n) == 0)
            return k;
    return DSML_END;
}

int dsml_until(struct dsml_cursor *c, const struct str *marks, int n, struct str *before)
{
    bool starts[256] = {false}; /* most bytes begin no mark */
    int64_t from = c->at;
    for (int k = 0; k < n; k++)
        starts[(unsigned char)marks[k].at[0]] = true;
    for (int64_t i = from; i < c->text.n; i++) {
        if (!starts[(unsigned char)c->text.at[i]])
            continue;
        int k = mark_at(c->text, i, marks, n);
        if (k == DSML_END)
            continue;
        *before = str_sub(c->text, from, i);
        c->at = i + marks[k].n;
        return k;
    }
    *before = str_sub(c->text, from, c->text.n);
    c->at = c->text.n;
    return DSML_END;
}

/* str.isspace() of one character, which is what \s means to Python's re. */
static bool is_space(uint32_t c)
{
    return (c >= 9 && c <= 13) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 ||
           c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
           c == 0x202F || c == 0x205F || c == 0x3000;
}

static int64_t skip_space(struct str s)
{
    int64_t i = 0;
    uint32_t code;
    for (int n; i < s.n && (n = utf8_decode(s, i, &code)) > 0 && is_space(code);)
        i += n;
    return i;
}

bool dsml_name(struct str header, struct str *name)
{
    struct str rest = str_sub(header, skip_space(header), header.n);
    struct str open = STR("name=\"");
    struct str close = STR("\">\n");
    if (!str_starts(rest, open))
        return false;
    rest = str_sub(rest, open.n, rest.n);
    if (str_ends(rest, STR("\">\n\n")))
        rest.n--;
    if (!str_ends(rest, close))
        return false;
    *name = str_sub(rest, 0, rest.n - close.n);
    return true;
}

bool dsml_param(struct str text, struct dsml_param *out)
{
    struct str open = STR(" name=\"");
    struct str middle = STR("\" string=\"");
    if (!str_starts(text, open))
        return false;
    struct str rest = str_sub(text, open.n, text.n);
    if (str_ends(rest, STR("\n")))
        rest.n--;
    if (!str_ends(rest, STR("<")))
        return false;
    rest.n--;
    for (int64_t i = 0; (i = str_find(rest, middle, i)) >= 0; i++) {
        struct str tail = str_sub(rest, i + middle.n, rest.n);
        bool is_true = str_starts(tail, STR("true\">"));
        if (!is_true && !str_starts(tail, STR("false\">")))
            continue;
        out->name = str_sub(rest, 0, i);
        out->is_string = is_true;
        out->value = str_sub(tail, is_true ? 6 : 7, tail.n);
        return true;
    }
    return false;
}

void dsml_add(struct dsml_params *list, struct dsml_param p, struct arena *tmp)
{
    struct dsml_param *node = NEW(tmp, struct dsml_param, 1);
    *node = p;
    node->next = NULL;
    if (list->last == NULL)
        list->first = node;
    else
        list->last->next = node;
    list->last = node;
    list->n++;
}

const struct dsml_param *dsml_repeated(const struct dsml_params *list, struct arena tmp)
{
    struct str *key = NEW(&tmp, struct str, list->n);
    int64_t *first = NEW(&tmp, int64_t, list->n);
    int64_t n = 0;
    for (const struct dsml_param *p = list->first; p != NULL; p = p->next)
        key[n++] = p->name;
    pyjson_first_equal(key, n, first, tmp);
    n = 0;
    for (const struct dsml_param *p = list->first; p != NULL; p = p->next, n++)
        if (first[n] != n)
            return p;
    return NULL;
}

struct str dsml_arguments(const struct dsml_params *list, struct arena *keep)
{
    struct buf text = {0};
    buf_byte(&text, '{');
    for (const struct dsml_param *p = list->first; p != NULL; p = p->next) {
        pyjson_dumps_str(p->name, &text);
        buf_put(&text, STR(": "));
        if (p->is_string)
            pyjson_dumps_str(p->value, &text);
        else
            buf_put(&text, p->value);
        if (p->next != NULL)
            buf_put(&text, STR(", "));
    }
    buf_byte(&text, '}');
    struct str kept = arena_str(keep, buf_str(&text));
    buf_free(&text);
    return kept;
}

struct dsml_call {
    struct tool_call call;
    struct dsml_call *next;
};

void dsml_add_call(struct dsml_calls *list, struct tool_call call, struct arena *tmp)
{
    struct dsml_call *node = NEW(tmp, struct dsml_call, 1);
    node->call = call;
    if (list->last == NULL)
        list->first = node;
    else
        list->last->next = node;
    list->last = node;
    list->n++;
}

const struct tool_call *dsml_calls(const struct dsml_calls *list, struct arena *keep)
{
    struct tool_call *at = NEW(keep, struct tool_call, list->n);
    const struct dsml_call *node = list->first;
    for (int64_t i = 0; i < list->n; i++, node = node->next)
        at[i] = node->call;
    return at;
}

int64_t dsml_forbidden(struct str s)
{
    for (int64_t i = 0; i < s.n; i++) {
        if (s.at[i] != '<' && s.at[i] != SPECIAL_DSML[0])
            continue;
        struct str control = special_at(s, i);
        if (control.n > 0 && !str_eq(control, STR(SPECIAL_USER)) &&
            !str_eq(control, STR(SPECIAL_ASSISTANT)))
            return i;
    }
    return -1;
}
