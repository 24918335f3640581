#include "graders/judge/fence.h"

/* A line that could be a fence. */
struct mark {
    char c;
    int64_t n;      /* how many of c */
    int64_t indent; /* bytes of white space before */
    struct str info;
};

static bool read_mark(struct str line, struct mark *m)
{
    int64_t i = 0;
    while (i < line.n && (line.at[i] == ' ' || line.at[i] == '\t'))
        i++;
    *m = (struct mark){.c = i < line.n ? line.at[i] : 0, .indent = i};
    if (m->c != '`' && m->c != '~')
        return false;
    while (i < line.n && line.at[i] == m->c) {
        m->n++;
        i++;
    }
    m->info = str_trim(str_sub(line, i, line.n));
    /* "```x``` is code" in a paragraph opens nothing */
    bool is_inline = m->c == '`' && str_find(m->info, STR("`"), 0) >= 0;
    return m->n >= 3 && !is_inline;
}

static bool closes(const struct mark *open, const struct mark *m)
{
    return m->c == open->c && m->n >= open->n && m->info.n == 0;
}

static struct str first_word(struct str info)
{
    int64_t n = 0;
    while (n < info.n && info.at[n] != ' ' && info.at[n] != '\t' && info.at[n] != '{')
        n++;
    return str_sub(info, 0, n);
}

/* The lines of the block, each without up to `indent` bytes of white space in front. */
static struct str dedent(struct str body, int64_t indent, struct arena *keep)
{
    if (indent == 0)
        return arena_str(keep, body);
    char *at = NEW(keep, char, body.n + 1);
    int64_t n = 0;
    int64_t column = 0;
    bool is_margin = true;
    for (int64_t i = 0; i < body.n; i++) {
        char c = body.at[i];
        is_margin = is_margin && column < indent && (c == ' ' || c == '\t');
        if (!is_margin)
            at[n++] = c;
        column++;
        if (c == '\n') {
            column = 0;
            is_margin = true;
        }
    }
    return (struct str){at, n};
}

bool fence_last(struct str reply, struct fence *out, struct arena *keep)
{
    struct mark open = {0};
    struct mark last = {0};
    struct str body = {0};
    int64_t body_from = 0;
    bool is_open = false;
    bool has_one = false;
    int64_t next = 0;
    for (int64_t at = 0; at < reply.n; at = next) {
        int64_t end = str_find(reply, STR("\n"), at);
        end = end < 0 ? reply.n : end;
        next = end + 1;
        struct mark m;
        if (!read_mark(str_sub(reply, at, end), &m))
            continue;
        if (!is_open) {
            open = m;
            body_from = next;
            is_open = true;
        } else if (closes(&open, &m)) {
            last = open;
            body = str_sub(reply, body_from, at);
            is_open = false;
            has_one = true;
        }
    }
    if (is_open || !has_one)
        return false;
    *out = (struct fence){.info = first_word(last.info), .text = dedent(body, last.indent, keep)};
    return true;
}
