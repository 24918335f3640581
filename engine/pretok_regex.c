#include "engine/pretok_regex.h"

#include <assert.h>

#include "base/utf8.h"

/* Given a category between Unicode 14 and 16. Where PCRE2 knows them already, naming them again
 * changes nothing. No character has left its category in these versions. */
static const struct later {
    char category;
    int32_t from;
    int32_t to;
} later[] = {
    {'L', 0x1C89, 0x1C8A},   {'L', 0xA7CB, 0xA7CD},   {'L', 0xA7DA, 0xA7DC},
    {'L', 0x105C0, 0x105F3}, {'L', 0x10D4A, 0x10D65}, {'L', 0x10D6F, 0x10D85},
    {'L', 0x10EC2, 0x10EC4}, {'L', 0x1123F, 0x11240}, {'L', 0x11380, 0x11389},
    {'L', 0x1138B, 0x1138B}, {'L', 0x1138E, 0x1138E}, {'L', 0x11390, 0x113B5},
    {'L', 0x113B7, 0x113B7}, {'L', 0x113D1, 0x113D1}, {'L', 0x113D3, 0x113D3},
    {'L', 0x11BC0, 0x11BE0}, {'L', 0x11F02, 0x11F02}, {'L', 0x11F04, 0x11F10},
    {'L', 0x11F12, 0x11F33}, {'L', 0x1342F, 0x1342F}, {'L', 0x13441, 0x13446},
    {'L', 0x13460, 0x143FA}, {'L', 0x16100, 0x1611D}, {'L', 0x16D40, 0x16D6C},
    {'L', 0x18CFF, 0x18CFF}, {'L', 0x1B132, 0x1B132}, {'L', 0x1B155, 0x1B155},
    {'L', 0x1DF25, 0x1DF2A}, {'L', 0x1E030, 0x1E06D}, {'L', 0x1E4D0, 0x1E4EB},
    {'L', 0x1E5D0, 0x1E5ED}, {'L', 0x1E5F0, 0x1E5F0}, {'L', 0x2B739, 0x2B739},
    {'L', 0x2EBF0, 0x2EE5D}, {'L', 0x31350, 0x323AF}, {'M', 0x897, 0x897},
    {'M', 0xCF3, 0xCF3},     {'M', 0xECE, 0xECE},     {'M', 0x10D69, 0x10D6D},
    {'M', 0x10EFC, 0x10EFF}, {'M', 0x11241, 0x11241}, {'M', 0x113B8, 0x113C0},
    {'M', 0x113C2, 0x113C2}, {'M', 0x113C5, 0x113C5}, {'M', 0x113C7, 0x113CA},
    {'M', 0x113CC, 0x113D0}, {'M', 0x113D2, 0x113D2}, {'M', 0x113E1, 0x113E2},
    {'M', 0x11F00, 0x11F01}, {'M', 0x11F03, 0x11F03}, {'M', 0x11F34, 0x11F3A},
    {'M', 0x11F3E, 0x11F42}, {'M', 0x11F5A, 0x11F5A}, {'M', 0x13440, 0x13440},
    {'M', 0x13447, 0x13455}, {'M', 0x1611E, 0x1612F}, {'M', 0x1E08F, 0x1E08F},
    {'M', 0x1E4EC, 0x1E4EF}, {'M', 0x1E5EE, 0x1E5EF}, {'N', 0x10D40, 0x10D49},
    {'N', 0x116D0, 0x116E3}, {'N', 0x11BF0, 0x11BF9}, {'N', 0x11F50, 0x11F59},
    {'N', 0x16130, 0x16139}, {'N', 0x16D70, 0x16D79}, {'N', 0x1CCF0, 0x1CCF9},
    {'N', 0x1D2C0, 0x1D2D3}, {'N', 0x1E4F0, 0x1E4F9}, {'N', 0x1E5F1, 0x1E5FA},
    {'P', 0x1B4E, 0x1B4F},   {'P', 0x1B7F, 0x1B7F},   {'P', 0x10D6E, 0x10D6E},
    {'P', 0x113D4, 0x113D5}, {'P', 0x113D7, 0x113D8}, {'P', 0x11B00, 0x11B09},
    {'P', 0x11BE1, 0x11BE1}, {'P', 0x11F43, 0x11F4F}, {'P', 0x16D6D, 0x16D6F},
    {'P', 0x1E5FF, 0x1E5FF}, {'S', 0x2427, 0x2429},   {'S', 0x2FFC, 0x2FFF},
    {'S', 0x31E4, 0x31E5},   {'S', 0x31EF, 0x31EF},   {'S', 0x10D8E, 0x10D8F},
    {'S', 0x1CC00, 0x1CCEF}, {'S', 0x1CD00, 0x1CEB3}, {'S', 0x1F6DC, 0x1F6DC},
    {'S', 0x1F774, 0x1F776}, {'S', 0x1F77B, 0x1F77F}, {'S', 0x1F7D9, 0x1F7D9},
    {'S', 0x1F8B2, 0x1F8BB}, {'S', 0x1F8C0, 0x1F8C1}, {'S', 0x1FA75, 0x1FA77},
    {'S', 0x1FA87, 0x1FA89}, {'S', 0x1FA8F, 0x1FA8F}, {'S', 0x1FAAD, 0x1FAAF},
    {'S', 0x1FABB, 0x1FABF}, {'S', 0x1FAC6, 0x1FAC6}, {'S', 0x1FACE, 0x1FACF},
    {'S', 0x1FADA, 0x1FADC}, {'S', 0x1FADF, 0x1FADF}, {'S', 0x1FAE8, 0x1FAE9},
    {'S', 0x1FAF7, 0x1FAF8}, {'S', 0x1FBCB, 0x1FBEF},
};

enum { N_LATER = sizeof later / sizeof later[0] };

void pretok_later_blocks(bool block[PRETOK_BLOCKS])
{
    memset(block, 0, PRETOK_BLOCKS * sizeof *block);
    for (int i = 0; i < N_LATER; i++)
        for (int32_t b = later[i].from >> 8; b <= later[i].to >> 8; b++)
            block[b] = true;
}

static bool is_later(uint32_t code_point)
{
    for (int i = 0; i < N_LATER; i++)
        if ((int32_t)code_point >= later[i].from && (int32_t)code_point <= later[i].to)
            return true;
    return false;
}

bool pretok_has_later(struct str text, const bool block[PRETOK_BLOCKS])
{
    for (int64_t i = 0; i < text.n;) {
        uint32_t c;
        if ((unsigned char)text.at[i] < 0x80) {
            i++;
            continue;
        }
        int n = utf8_decode(text, i, &c);
        assert(n > 0); /* the caller's promise; also what ends the loop */
        if (block[c >> 8] && is_later(c))
            return true;
        i += n;
    }
    return false;
}

struct scan {
    struct str in;
    int64_t at;
    enum pretok_unicode unicode;
    struct buf *out;
};

static int peek(const struct scan *s, int64_t ahead)
{
    return s->at + ahead < s->in.n ? (unsigned char)s->in.at[s->at + ahead] : -1;
}

static bool refuse(const struct scan *s, const char *what, struct err *e)
{
    return FAIL(e, ERR_UNSUPPORTED, "regex byte %lld: %s is not supported in a split pattern",
                (long long)s->at, what);
}

static void copy(struct scan *s, int64_t n)
{
    buf_put(s->out, str_sub(s->in, s->at, s->at + n));
    s->at += n;
}

/* The members of \p{category}, to stand inside a class. */
static void put_category(struct buf *out, char category, enum pretok_unicode unicode)
{
    buf_fmt(out, "\\p{%c}", category);
    for (int i = 0; i < N_LATER && unicode == PRETOK_LATER; i++)
        if (later[i].category == category)
            buf_fmt(out, "\\x{%X}-\\x{%X}", (unsigned)later[i].from, (unsigned)later[i].to);
}

/* At a backslash. *n is the length of the escape; members of a set go to out, and *is_set and
 * *is_negated tell so; other escapes are copied. */
static bool escape(struct scan *s, struct buf *members, bool *is_negated, struct err *e)
{
    int c = peek(s, 1);
    *is_negated = c == 'S' || c == 'P';
    if (c == 's' || c == 'S') {
        buf_put(members, STR("\\t-\\r\\x{20}\\x{85}\\p{Z}"));
        s->at += 2;
        return true;
    }
    if (c == 'p' || c == 'P') {
        int category = peek(s, 3);
        if (peek(s, 2) != '{' || category <= 0 || strchr("LMNPSZ", category) == NULL ||
            peek(s, 4) != '}')
            return refuse(s, "a property other than L, M, N, P, S, Z", e);
        put_category(members, (char)category, s->unicode);
        s->at += 5;
        return true;
    }
    bool is_mark = c > 0x20 && c < 0x7F && strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", c) != NULL;
    if (!is_mark && c != 'r' && c != 'n' && c != 't')
        return refuse(s, "this escape", e);
    copy(s, 2);
    return true;
}

static bool class_escape(struct scan *s, struct err *e)
{
    CLEANUP(buf_free) struct buf members = {0};
    bool is_negated;
    struct scan before = *s;
    TRY(escape(s, &members, &is_negated, e));
    if (members.n > 0 && is_negated)
        return refuse(&before, "a negated set inside a class", e);
    if (members.n > 0 && peek(s, 0) == '-' && peek(s, 1) != ']')
        return refuse(s, "a range that starts at a set", e);
    buf_put(s->out, buf_str(&members));
    return true;
}

/* At a '[': copies the class to its ']'. */
static bool class(struct scan *s, struct err *e)
{
    copy(s, peek(s, 1) == '^' ? 2 : 1);
    if (peek(s, 0) == ']')
        return refuse(s, "']' first in a class", e);
    while (peek(s, 0) != ']') {
        if (peek(s, 0) < 0)
            return FAIL(e, ERR_INPUT, "regex byte %lld: the class is not closed", (long long)s->at);
        if (peek(s, 0) == '[' || (peek(s, 0) == '&' && peek(s, 1) == '&'))
            return refuse(s, "a class within a class", e);
        if (peek(s, 0) == '\\')
            TRY(class_escape(s, e));
        else
            copy(s, 1);
    }
    copy(s, 1);
    return true;
}

static bool set_outside_class(struct scan *s, struct err *e)
{
    CLEANUP(buf_free) struct buf members = {0};
    bool is_negated;
    TRY(escape(s, &members, &is_negated, e));
    if (members.n > 0) {
        buf_put(s->out, is_negated ? STR("[^") : STR("["));
        buf_put(s->out, buf_str(&members));
        buf_byte(s->out, ']');
    }
    return true;
}

static bool open_group(struct scan *s, struct err *e)
{
    if (peek(s, 1) == '*')
        return refuse(s, "a verb", e);
    if (peek(s, 1) != '?') {
        copy(s, 1);
        return true;
    }
    int kind = peek(s, 2);
    if (kind != ':' && kind != '!' && kind != '=')
        return refuse(s, "a group other than (?: (?! (?=", e);
    copy(s, 3);
    return true;
}

bool pretok_regex(struct buf *out, struct str regex, enum pretok_unicode unicode, struct err *e)
{
    struct scan s = {.in = regex, .out = out, .unicode = unicode};
    while (s.at < regex.n) {
        switch (peek(&s, 0)) {
        case '\\':
            TRY(set_outside_class(&s, e));
            break;
        case '[':
            TRY(class(&s, e));
            break;
        case '(':
            TRY(open_group(&s, e));
            break;
        case '^':
        case '$':
        case '.':
            return refuse(&s, "an anchor or '.'", e);
        case '{':
            if (peek(&s, 1) == ',')
                return refuse(&s, "a repeat without a lower count", e);
            copy(&s, 1);
            break;
        case '}':
            if (peek(&s, 1) == '+')
                return refuse(&s, "'+' after a counted repeat", e);
            copy(&s, 1);
            break;
        default:
            copy(&s, 1);
        }
    }
    return true;
}
