#include "base/yaml.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <yaml.h>

#include "base/limits.h"
#include "base/utf8.h"

/* libyaml hands out events; the tree is made from them on a stack of open containers, at most
 * LIMIT_YAML_DEPTH. Its scanner looks at every open bracket for each token, so that bound is also
 * what keeps a hostile document from costing quadratic time. */

struct anchor {
    struct str name;
    const struct yaml *node;
    struct anchor *next; /* the one defined before: the latest of a name is found first */
};

/* A list or map that is not closed yet. */
struct frame {
    struct yaml *node;
    struct yaml *last;      /* member */
    const struct yaml *key; /* read, and waiting for its value; maps only */
    struct str anchor;
    bool has_anchor;
};

struct reader {
    yaml_parser_t parser;
    struct frame open[LIMIT_YAML_DEPTH];
    int n_open;
    struct yaml *root;
    const char *what;
    struct arena *keep;
    struct anchor *anchors;
    int64_t n_nodes; /* aliases written out */
    struct err *e;
};

static void close_parser(yaml_parser_t **p)
{
    yaml_parser_delete(*p);
}

static bool fail_mark(struct reader *r, yaml_mark_t at, const char *why)
{
    return FAIL(r->e, ERR_INPUT, "%s:%lld:%lld: %s", r->what, (long long)at.line + 1,
                (long long)at.column + 1, why);
}

static bool next_event(struct reader *r, yaml_event_t *event)
{
    if (yaml_parser_parse(&r->parser, event) != 0)
        return true;
    yaml_mark_t at = r->parser.problem_mark;
    if (r->parser.error == YAML_READER_ERROR)
        at = r->parser.mark;
    return fail_mark(r, at, r->parser.problem == NULL ? "not YAML" : r->parser.problem);
}

static struct str keep_text(struct reader *r, const yaml_char_t *text, size_t n)
{
    return arena_str(r->keep, (struct str){(const char *)text, (int64_t)n});
}

/* The core schema's tags say nothing new, but whether plain text may be more than text. */
static bool take_tag(struct reader *r, const yaml_event_t *event, const yaml_char_t *tag,
                     struct yaml *out)
{
    static const char *const known[] = {"int", "float", "bool", "null", "map", "seq"};
    static const char prefix[] = "tag:yaml.org,2002:";
    if (tag == NULL)
        return true;
    struct str s = str_of((const char *)tag);
    out->is_plain = false;
    if (str_eq(s, STR("!")))
        return true;
    if (!str_starts(s, STR(prefix)))
        return fail_mark(r, event->start_mark, "a tag of its own kind is not read");
    s = str_sub(s, (int64_t)sizeof prefix - 1, s.n);
    if (str_eq(s, STR("str")))
        return true;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(s, str_of(known[i]))) {
            out->is_plain = true;
            return true;
        }
    return fail_mark(r, event->start_mark, "a tag that is not of the core schema");
}

static bool is_null(struct str s)
{
    return s.n == 0 || str_eq(s, STR("~")) || str_eq(s, STR("null")) || str_eq(s, STR("Null")) ||
           str_eq(s, STR("NULL"));
}

static bool take_scalar(struct reader *r, const yaml_event_t *event, struct yaml *out)
{
    out->text = keep_text(r, event->data.scalar.value, event->data.scalar.length);
    out->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    TRY(take_tag(r, event, event->data.scalar.tag, out));
    out->kind = out->is_plain && is_null(out->text) ? YAML_NULL : YAML_SCALAR;
    return true;
}

static bool take_alias(struct reader *r, const yaml_event_t *event, struct yaml *out)
{
    struct str name = str_of((const char *)event->data.alias.anchor);
    const struct anchor *a = r->anchors;
    while (a != NULL && !str_eq(a->name, name))
        a = a->next;
    if (a == NULL)
        return fail_mark(r, event->start_mark, "an alias of what is not defined before it");
    int64_t line = out->line;
    int64_t column = out->column;
    *out = *a->node;
    out->line = line;
    out->column = column;
    out->key = (struct str){0};
    out->next = NULL;
    r->n_nodes += out->n_nodes - 1;
    return true;
}

static void remember(struct reader *r, struct str name, const struct yaml *node)
{
    struct anchor *a = NEW(r->keep, struct anchor, 1);
    *a = (struct anchor){name, node, r->anchors};
    r->anchors = a;
}

static const yaml_char_t *anchor_of(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor;
    default:
        return NULL;
    }
}

/* Refuses a key that the map has, and "<<", which other readers take for a merge. */
static bool check_key(struct reader *r, const struct yaml *map, const struct yaml *member)
{
    yaml_mark_t at = {.line = (size_t)member->key_line - 1,
                      .column = (size_t)member->key_column - 1};
    if (str_eq(member->key, STR("<<")))
        return fail_mark(r, at, "merging of maps (<<) is not read: write the keys out");
    if (map->n >= LIMIT_YAML_KEYS)
        return fail_mark(r, at, "too many keys in one map");
    for (const struct yaml *m = map->first; m != NULL; m = m->next)
        if (str_eq(m->key, member->key))
            return fail_mark(r, at, "this key is in the map twice");
    return true;
}

static struct yaml *new_node(struct reader *r, const yaml_event_t *event)
{
    struct yaml *y = NEW(r->keep, struct yaml, 1);
    y->line = (int64_t)event->start_mark.line + 1;
    y->column = (int64_t)event->start_mark.column + 1;
    y->n_nodes = 1;
    return y;
}

static bool take_key(struct reader *r, struct frame *f, const struct yaml *key)
{
    yaml_mark_t at = {.line = (size_t)key->line - 1, .column = (size_t)key->column - 1};
    if (key->kind == YAML_LIST || key->kind == YAML_MAP)
        return fail_mark(r, at, "a list or map as a key is not read");
    f->key = key;
    return true;
}

/* Hands a node to the innermost open container, or makes it the document. */
static bool attach(struct reader *r, struct yaml *node)
{
    if (r->n_open == 0) {
        r->root = node;
        return true;
    }
    struct frame *f = &r->open[r->n_open - 1];
    if (f->node->kind == YAML_MAP && f->key == NULL)
        return take_key(r, f, node);
    if (f->key != NULL) {
        node->key = f->key->text;
        node->key_line = f->key->line;
        node->key_column = f->key->column;
        f->key = NULL;
        TRY(check_key(r, f->node, node));
    }
    if (f->last == NULL)
        f->node->first = node;
    else
        f->last->next = node;
    f->last = node;
    f->node->n++;
    return true;
}

static bool open_container(struct reader *r, const yaml_event_t *event, struct yaml *node)
{
    bool is_map = event->type == YAML_MAPPING_START_EVENT;
    node->kind = is_map ? YAML_MAP : YAML_LIST;
    TRY(take_tag(r, event, is_map ? event->data.mapping_start.tag : event->data.sequence_start.tag,
                 node));
    if (r->n_open == LIMIT_YAML_DEPTH)
        return fail_mark(r, event->start_mark, "nested too deep");
    TRY(attach(r, node));
    const yaml_char_t *anchor = anchor_of(event);
    struct frame *f = &r->open[r->n_open++];
    *f = (struct frame){.node = node, .has_anchor = anchor != NULL};
    if (anchor != NULL)
        f->anchor = keep_text(r, anchor, strlen((const char *)anchor));
    return true;
}

static void close_container(struct reader *r)
{
    assert(r->n_open > 0);
    struct frame *f = &r->open[--r->n_open];
    for (const struct yaml *m = f->node->first; m != NULL; m = m->next)
        f->node->n_nodes += m->n_nodes;
    if (f->has_anchor)
        remember(r, f->anchor, f->node);
}

static bool take_leaf(struct reader *r, const yaml_event_t *event, struct yaml *node)
{
    if (event->type == YAML_ALIAS_EVENT) {
        TRY(take_alias(r, event, node));
        return attach(r, node);
    }
    TRY(take_scalar(r, event, node));
    const yaml_char_t *anchor = anchor_of(event);
    if (anchor != NULL) {
        /* A copy: attaching writes the key and the neighbour into the node itself. */
        struct yaml *alone = NEW(r->keep, struct yaml, 1);
        *alone = *node;
        remember(r, keep_text(r, anchor, strlen((const char *)anchor)), alone);
    }
    return attach(r, node);
}

static bool take_event(struct reader *r, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return r->root == NULL || fail_mark(r, event->start_mark, "a second document in the file");
    case YAML_ALIAS_EVENT:
    case YAML_SCALAR_EVENT:
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT: {
        struct yaml *node = new_node(r, event);
        bool is_leaf = event->type == YAML_ALIAS_EVENT || event->type == YAML_SCALAR_EVENT;
        TRY(is_leaf ? take_leaf(r, event, node) : open_container(r, event, node));
        r->n_nodes++;
        if (r->n_nodes > LIMIT_YAML_NODES)
            return fail_mark(r, event->start_mark, "too large when aliases are written out");
        return true;
    }
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        close_container(r);
        return true;
    default:
        return true;
    }
}

static void release_event(yaml_event_t *event)
{
    yaml_event_delete(event);
}

static bool read_events(struct reader *r)
{
    for (;;) {
        CLEANUP(release_event) yaml_event_t event = {.type = YAML_NO_EVENT};
        TRY(next_event(r, &event));
        TRY(take_event(r, &event));
        if (event.type == YAML_STREAM_END_EVENT)
            return true;
    }
}

static bool check_text(struct str text, const char *what, struct err *e)
{
    int64_t bad = utf8_first_bad(text);
    int64_t line = 1;
    int64_t start = 0;
    if (text.n > LIMIT_YAML_BYTES)
        return FAIL(e, ERR_INPUT, "%s: %lld bytes, more than the %lld read as YAML", what,
                    (long long)text.n, (long long)LIMIT_YAML_BYTES);
    if (bad < 0)
        return true;
    for (int64_t i = 0; i < bad; i++)
        if (text.at[i] == '\n') {
            line++;
            start = i + 1;
        }
    return FAIL(e, ERR_INPUT, "%s:%lld:%lld: not UTF-8", what, (long long)line,
                (long long)(bad - start + 1));
}

bool yaml_parse(struct str text, const char *what, const struct yaml **out, struct arena *keep,
                struct err *e)
{
    TRY(check_text(text, what, e));
    struct reader *r = NEW(keep, struct reader, 1);
    *r = (struct reader){.what = what, .keep = keep, .e = e};
    if (yaml_parser_initialize(&r->parser) == 0)
        return FAIL(e, ERR_IO, "%s: out of memory", what);
    CLEANUP(close_parser) yaml_parser_t *parser = &r->parser;
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(parser, (const unsigned char *)text.at, (size_t)text.n);
    TRY(read_events(r));
    if (r->root == NULL) {
        r->root = NEW(keep, struct yaml, 1);
        *r->root = (struct yaml){.kind = YAML_NULL, .line = 1, .column = 1, .n_nodes = 1};
    }
    *out = r->root;
    return true;
}

enum yaml_kind yaml_kind(const struct yaml *y)
{
    return y == NULL ? YAML_ABSENT : y->kind;
}

const struct yaml *yaml_first(const struct yaml *container)
{
    return container == NULL ? NULL : container->first;
}

const struct yaml *yaml_next(const struct yaml *member)
{
    return member == NULL ? NULL : member->next;
}

const struct yaml *yaml_get(const struct yaml *map, const char *key)
{
    if (yaml_kind(map) != YAML_MAP)
        return NULL;
    for (const struct yaml *m = map->first; m != NULL; m = m->next)
        if (str_eq(m->key, str_of(key)))
            return m;
    return NULL;
}

bool yaml_str(const struct yaml *y, struct str *out)
{
    if (yaml_kind(y) != YAML_SCALAR)
        return false;
    *out = y->text;
    return true;
}

/* "010" is ten to some readers of YAML and eight to others. */
static bool is_number_like(const struct yaml *y)
{
    if (yaml_kind(y) != YAML_SCALAR || !y->is_plain)
        return false;
    struct str s = y->text;
    int64_t i = s.n > 0 && s.at[0] == '-' ? 1 : 0;
    return s.n - i < 2 || s.at[i] != '0' || s.at[i + 1] < '0' || s.at[i + 1] > '9';
}

bool yaml_i64(const struct yaml *y, int64_t *out)
{
    return is_number_like(y) && str_i64(y->text, out);
}

bool yaml_f64(const struct yaml *y, double *out)
{
    return is_number_like(y) && str_f64(y->text, out);
}

bool yaml_bool(const struct yaml *y, bool *out)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on", "off"};
    char low[6] = {0};
    if (yaml_kind(y) != YAML_SCALAR || !y->is_plain || y->text.n >= (int64_t)sizeof low)
        return false;
    for (int64_t i = 0; i < y->text.n; i++) {
        char c = y->text.at[i];
        low[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(low, words[i]) == 0) {
            *out = i % 2 == 0;
            return true;
        }
    return false;
}

__attribute__((format(printf, 5, 0))) static bool
refuse(int64_t line, int64_t column, const char *what, struct err *e, const char *fmt, va_list ap)
{
    char why[sizeof e->text];
    (void)vsnprintf(why, sizeof why, fmt, ap);
    return FAIL(e, ERR_INPUT, "%s:%lld:%lld: %s", what, (long long)line, (long long)column, why);
}

bool yaml_refuse(const struct yaml *at, const char *what, struct err *e, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    bool no = refuse(at->line, at->column, what, e, fmt, ap);
    va_end(ap);
    return no;
}

bool yaml_refuse_key(const struct yaml *at, const char *what, struct err *e, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    bool no = refuse(at->key_line, at->key_column, what, e, fmt, ap);
    va_end(ap);
    return no;
}
