/* The forgiving reader. It first asks the strict parser; what that one accepts whole, with
 * sound names and values, is the answer and has no notes. Otherwise:
 *
 *     [<think>] reasoning </think> content \n\n block EOS
 *
 * is looked for part by part. Choices, each on the side of returning less:
 *   - generation ends at the first end-of-sentence outside a well-formed text; what follows is
 *     not the model's answer;
 *   - a block before </think> is a call only if nothing stands between its end and </think> and
 *     nothing after; a model that goes on thinking or answers was only considering the call;
 *   - a call is dropped, never repaired: cut off, unreadable name or parameter, a parameter
 *     given twice, a string="false" value that is not JSON, or a value that holds call markup;
 *   - the block's opening mark in prose (not followed by a tag) is prose. */
#include <assert.h>

#include "base/utf8.h"
#include "encoding/dsml.h"
#include "encoding/parse_parts.h"
#include "encoding/special.h"

enum mark { MARK_PARAM, MARK_INVOKE_END, MARK_INVOKE, MARK_BLOCK_END, MARK_EOS, N_MARKS };
static const struct str marks[] = {
    [MARK_PARAM] = {SPECIAL_PARAM, sizeof SPECIAL_PARAM - 1},
    [MARK_INVOKE_END] = {SPECIAL_INVOKE_END, sizeof SPECIAL_INVOKE_END - 1},
    [MARK_INVOKE] = {SPECIAL_INVOKE, sizeof SPECIAL_INVOKE - 1},
    [MARK_BLOCK_END] = {SPECIAL_BLOCK_END, sizeof SPECIAL_BLOCK_END - 1},
    [MARK_EOS] = {SPECIAL_EOS, sizeof SPECIAL_EOS - 1},
};

struct recover {
    struct dsml_cursor c;
    bool has_bad_utf8;
    struct dsml_calls calls;
    bool is_closed; /* the block parsed last has its end tag */
    struct parse_note notes[PARSE_NOTES_MAX];
    int64_t n_notes;
    struct arena *keep;
    struct arena tmp;
};

static void note(struct recover *r, enum parse_code code, int64_t at)
{
    if (r->n_notes == PARSE_NOTES_MAX)
        return;
    if (r->n_notes == PARSE_NOTES_MAX - 1)
        code = PARSE_NOTE_MORE;
    r->notes[r->n_notes++] = (struct parse_note){code, at};
}

static int64_t end_of(const struct recover *r)
{
    return r->c.text.n;
}

static int64_t find(const struct recover *r, struct str mark, int64_t from)
{
    return str_find(r->c.text, mark, from);
}

/* As it is, or with its bad bytes replaced. */
static struct str clean(struct recover *r, struct str s)
{
    if (!r->has_bad_utf8 || utf8_first_bad(s) < 0)
        return s;
    struct buf good = {0};
    utf8_replace_bad(&good, s);
    struct str kept = arena_str(r->keep, buf_str(&good));
    buf_free(&good);
    return kept;
}

static bool is_blank(struct str s)
{
    return str_trim(s).n == 0;
}

/* name="...", whatever the white space around it. */
static bool loose_name(struct str header, struct str *name)
{
    struct str s = str_trim(header);
    if (!str_starts(s, STR("name=\"")) || !str_ends(s, STR(">")))
        return false;
    s = str_trim(str_sub(s, 6, s.n - 1));
    if (!str_ends(s, STR("\"")))
        return false;
    *name = str_sub(s, 0, s.n - 1);
    return str_find(*name, STR("\""), 0) < 0 && str_find(*name, STR("\n"), 0) < 0;
}

/* White space that strict refuses around a name is left out as other text between tags is. */
static bool read_name(struct recover *r, int64_t at, struct str header, struct str *name)
{
    bool is_strict = dsml_name(header, name);
    if (!is_strict && !loose_name(header, name))
        return false;
    if (!is_strict)
        note(r, PARSE_NOTE_BLOCK_STRAY, at);
    if (str_find(*name, STR(SPECIAL_DSML), 0) >= 0)
        return false;
    *name = clean(r, *name);
    return name->n > 0;
}

/* Reads one parameter; the cursor is behind its opening mark. *drop is set when the call cannot
 * be trusted; false when the parameter does not end. */
static bool read_param(struct recover *r, struct dsml_params *params, bool *drop)
{
    const struct str stops[] = {STR(SPECIAL_PARAM_END), marks[MARK_EOS]};
    struct dsml_param p = {.at = r->c.at};
    struct str text;
    int stop = dsml_until(&r->c, stops, 2, &text);
    if (stop != 0) {
        r->c.at = p.at + text.n;
        return false;
    }
    if (!dsml_param(text, &p) || str_find(text, STR(SPECIAL_DSML), 0) >= 0) {
        note(r, PARSE_NOTE_CALL_PARAM, p.at);
        *drop = true;
        return true;
    }
    p.name = clean(r, p.name);
    p.value = clean(r, p.value);
    if (!p.is_string && !parse_is_json(p.value, r->tmp)) {
        note(r, PARSE_NOTE_CALL_JSON, p.at);
        *drop = true;
    }
    dsml_add(params, p, &r->tmp);
    return true;
}

/* In front of a tag: where reading stops when a call turns out to have no end. */
static bool is_at_mark(const struct recover *r)
{
    struct str rest = str_sub(r->c.text, r->c.at, end_of(r));
    for (int i = 0; i < N_MARKS; i++)
        if (str_starts(rest, marks[i]))
            return true;
    return false;
}

/* Behind a parameter or an invoke: takes the ">", then text up to the next tag, which should be
 * one newline. Leaves the cursor in front of a tag that is not one of the first n_taken. */
static int next_tag(struct recover *r, int first, int n_taken)
{
    struct str before;
    if (r->c.at < end_of(r) && r->c.text.at[r->c.at] == '>')
        r->c.at++;
    else if (r->c.at < end_of(r) && !is_at_mark(r))
        note(r, PARSE_NOTE_TAG_OPEN, r->c.at);
    int64_t from = r->c.at;
    int stop = dsml_until(&r->c, marks, N_MARKS, &before);
    if (!str_eq(before, STR("\n")) && stop != DSML_END && stop != MARK_EOS)
        note(r, PARSE_NOTE_BLOCK_STRAY, from);
    if (stop < first || stop >= first + n_taken)
        r->c.at = from + before.n;
    return stop;
}

static void keep_call(struct recover *r, struct str name, const struct dsml_params *params)
{
    struct tool_call call = {name, dsml_arguments(params, r->keep)};
    dsml_add_call(&r->calls, call, &r->tmp);
}

/* The cursor is behind "<｜DSML｜invoke"; afterwards it is behind the end of the call, or in front
 * of whatever showed that it has none. */
static void read_call(struct recover *r)
{
    struct dsml_params params = {0};
    struct str header;
    struct str name;
    int64_t from = r->c.at;
    int64_t begin = from - marks[MARK_INVOKE].n;
    bool drop = false;
    int stop = dsml_until(&r->c, marks, N_MARKS, &header);
    if (stop != MARK_PARAM && stop != MARK_INVOKE_END)
        r->c.at = from + header.n;
    else if (!read_name(r, from, header, &name)) {
        note(r, PARSE_NOTE_CALL_NAME, from);
        drop = true;
    }
    while (stop == MARK_PARAM) {
        if (!read_param(r, &params, &drop))
            stop = DSML_END;
        else
            stop = next_tag(r, MARK_PARAM, 2);
    }
    if (stop != MARK_INVOKE_END || r->c.at >= end_of(r) || r->c.text.at[r->c.at] != '>') {
        note(r, PARSE_NOTE_CALL_OPEN, begin);
        return;
    }
    const struct dsml_param *repeated = dsml_repeated(&params, r->tmp);
    if (repeated != NULL)
        note(r, PARSE_NOTE_CALL_REPEAT, repeated->at);
    if (repeated == NULL && !drop)
        keep_call(r, name, &params);
}

/* The cursor is behind "<｜DSML｜function_calls"; afterwards behind the end tag, or at EOS, or at
 * the end of the text. */
static void read_block(struct recover *r)
{
    r->is_closed = false;
    for (;;) {
        int stop = next_tag(r, MARK_INVOKE, 2);
        if (stop == MARK_INVOKE) {
            read_call(r);
            continue;
        }
        if (stop == MARK_BLOCK_END) {
            r->is_closed = true;
            return;
        }
        if (stop == DSML_END || stop == MARK_EOS) {
            note(r, PARSE_NOTE_BLOCK_OPEN, r->c.at);
            return;
        }
        note(r, PARSE_NOTE_BLOCK_STRAY, r->c.at);
        r->c.at += marks[stop].n;
    }
}

/* An opening mark that a tag, or nothing at all, follows. Returns its position or -1. */
static int64_t find_block(const struct recover *r, int64_t from)
{
    struct str open = STR(SPECIAL_BLOCK);
    for (int64_t at = find(r, open, from); at >= 0; at = find(r, open, at + open.n)) {
        int64_t i = at + open.n;
        if (i < end_of(r) && r->c.text.at[i] == '>')
            i++;
        while (i < end_of(r) && is_blank(str_sub(r->c.text, i, i + 1)))
            i++;
        struct str rest = str_sub(r->c.text, i, end_of(r));
        if (rest.n == 0 || str_starts(rest, marks[MARK_INVOKE]) ||
            str_starts(rest, marks[MARK_BLOCK_END]) || str_starts(rest, marks[MARK_EOS]))
            return at;
    }
    return -1;
}

/* The text in front of a block, without the empty line that belongs to the block. */
static struct str before_block(struct recover *r, int64_t from, int64_t block)
{
    struct str s = str_sub(r->c.text, from, block);
    if (str_ends(s, STR("\n\n"))) {
        s.n -= 2;
        return s;
    }
    note(r, PARSE_NOTE_BLOCK_SPACING, block);
    while (s.n > 0 && (s.at[s.n - 1] == '\n' || s.at[s.n - 1] == '\r'))
        s.n--;
    return s;
}

/* Notes the first control string of a part that is kept as text. */
static struct str take(struct recover *r, struct str part)
{
    int64_t bad = dsml_forbidden(part);
    if (bad >= 0)
        note(r, PARSE_NOTE_SPECIAL, part.at - r->c.text.at + bad);
    return clean(r, part);
}

static void read_end(struct recover *r, struct parsed *out)
{
    int64_t eos = find(r, marks[MARK_EOS], r->c.at);
    int64_t stop = eos < 0 ? end_of(r) : eos;
    bool has_stray = stop > r->c.at;
    if (has_stray)
        note(r, PARSE_NOTE_AFTER_CALLS, r->c.at);
    if (eos < 0 && (!r->is_closed || has_stray))
        note(r, PARSE_NOTE_NO_EOS, end_of(r));
    out->is_whole = eos >= 0 || (r->is_closed && !has_stray);
    if (eos >= 0 && eos + marks[MARK_EOS].n < end_of(r))
        note(r, PARSE_NOTE_AFTER_EOS, eos + marks[MARK_EOS].n);
}

/* A block in front of </think>, or without one. True when the text's tail has been dealt with;
 * false when the block is a part of the reasoning, which then goes on to *think_end. */
static bool read_early_block(struct recover *r, int64_t from, int64_t block, int64_t *think_end,
                             struct parsed *out)
{
    struct recover before = *r;
    struct str think = STR(SPECIAL_THINK_END);
    struct str reasoning = before_block(r, from, block);
    int64_t first_note = r->n_notes;
    r->c.at = block + STR(SPECIAL_BLOCK).n;
    note(r, PARSE_NOTE_THINK_MISSING, block);
    read_block(r);
    bool is_real = r->calls.n > 0 || r->is_closed;
    int64_t after = is_real ? find(r, think, r->c.at) : *think_end;
    int64_t stop = find(r, marks[MARK_EOS], block);
    if (stop >= 0 && stop < after)
        after = -1; /* generation had ended */
    if (after >= 0) {
        int64_t tail = after + think.n;
        int64_t eos = find(r, marks[MARK_EOS], tail);
        bool is_last = is_blank(str_sub(r->c.text, r->c.at, after)) &&
                       is_blank(str_sub(r->c.text, tail, eos < 0 ? end_of(r) : eos));
        if (!is_real || !is_last) {
            struct arena used = r->tmp; /* nodes of dropped calls stay where they are */
            *r = before;
            r->tmp = used;
            note(r, PARSE_NOTE_BLOCK_IGNORED, block);
            *think_end = after;
            return false;
        }
        r->notes[first_note < PARSE_NOTES_MAX ? first_note : PARSE_NOTES_MAX - 1].code =
            PARSE_NOTE_BLOCK_INSIDE;
        r->c.at = eos < 0 ? end_of(r) : eos;
    }
    out->message.reasoning = take(r, reasoning);
    read_end(r, out);
    return true;
}

/* Reads to the end of the reasoning. True when nothing is left to read. */
static bool read_reasoning(struct recover *r, struct parsed *out)
{
    int64_t from = r->c.at;
    int64_t think = find(r, STR(SPECIAL_THINK_END), from);
    int64_t block = find_block(r, from);
    int64_t eos = find(r, marks[MARK_EOS], from);
    bool has_eos_first = eos >= 0 && (think < 0 || eos < think) && (block < 0 || eos < block);
    if (has_eos_first || (think < 0 && block < 0)) {
        int64_t end = eos < 0 ? end_of(r) : eos;
        note(r, PARSE_NOTE_THINK_MISSING, end);
        out->message.reasoning = take(r, str_sub(r->c.text, from, end));
        r->c.at = end;
        r->is_closed = false;
        read_end(r, out);
        return true;
    }
    if (block >= 0 && (think < 0 || block < think) && read_early_block(r, from, block, &think, out))
        return true;
    out->message.reasoning = take(r, str_sub(r->c.text, from, think));
    r->c.at = think + STR(SPECIAL_THINK_END).n;
    return false;
}

static void read_content(struct recover *r, struct parsed *out)
{
    int64_t from = r->c.at;
    int64_t block = find_block(r, from);
    int64_t eos = find(r, marks[MARK_EOS], from);
    r->is_closed = false;
    if (block < 0 || (eos >= 0 && eos < block)) {
        r->c.at = eos < 0 ? end_of(r) : eos;
        out->message.content = take(r, str_sub(r->c.text, from, r->c.at));
    } else {
        out->message.content = take(r, before_block(r, from, block));
        r->c.at = block + STR(SPECIAL_BLOCK).n;
        read_block(r);
    }
    read_end(r, out);
}

static void read_all(struct recover *r, bool thinking, struct parsed *out)
{
    struct str open = STR(SPECIAL_THINK);
    int64_t bad = utf8_first_bad(r->c.text);
    r->has_bad_utf8 = bad >= 0;
    if (bad >= 0)
        note(r, PARSE_NOTE_UTF8, bad);
    bool repeats = str_starts(r->c.text, open);
    if (repeats && (thinking || find(r, STR(SPECIAL_THINK_END), open.n) >= 0)) {
        note(r, PARSE_NOTE_THINK_OPEN, 0);
        r->c.at = open.n;
        thinking = true;
    }
    if (!thinking || !read_reasoning(r, out))
        read_content(r, out);
    out->message.calls = dsml_calls(&r->calls, r->keep);
    out->message.n_calls = r->calls.n;
}

void parse_recover(struct str text, bool thinking, struct parsed *out, struct arena *keep,
                   struct arena tmp)
{
    bool is_sound = false;
    struct parse_note fault;
    struct str none = str_sub(text, 0, 0);
    struct arena before = *keep;
    if (parse_strict(text, thinking, out, &is_sound, &fault, keep, tmp) && out->is_whole &&
        is_sound)
        return;
    *keep = before;
    struct recover r = {.c.text = text, .keep = keep, .tmp = tmp};
    *out = (struct parsed){.message = {.role = ROLE_ASSISTANT, .content = none, .reasoning = none}};
    read_all(&r, thinking, out);
    struct parse_note *notes = NEW(keep, struct parse_note, r.n_notes);
    memcpy(notes, r.notes, (size_t)r.n_notes * sizeof *notes);
    out->notes = notes;
    out->n_notes = r.n_notes;
}
