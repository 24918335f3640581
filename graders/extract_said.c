/* Declarations: "the final answer is 5", "**Answer:** 5", "答案是5", "#### 5", <answer>5</answer>.
 *
 * The reply is searched backwards for the words that declare, each by two of its rarer bytes, and
 * only so many of them are looked at: the last declaration is all that counts, and a million words
 * "answer" cost no more than a few thousand. Around each word only a bounded piece is read:
 *
 *     ... so the final   answer   to part (a) is therefore:   $5$ cm   , because ...
 *         before it      word     what may come between       value    where it ends
 *
 * A word is passed over when what is before it makes it a condition, a quotation or a verb ("if the
 * answer is", Option A says "the answer is", "to answer:"), or when no value follows it. */
#include <assert.h>

#include "base/limits.h"
#include "graders/extract_parts.h"

enum {
    BEFORE_BYTES = 160, /* read before a word */
    BEFORE_WORDS = 6,
    BETWEEN_BYTES = 100 /* of words between "answer" and "is" */
};

struct said_word {
    struct str text; /* lower case */
    int pivot;       /* offset of the second of two bytes that it is found by */
    bool is_option;  /* only of choice */
};

#define W(text, pivot)                                                                             \
    {                                                                                              \
        {text, sizeof(text) - 1}, pivot, false                                                     \
    }
#define O(text, pivot)                                                                             \
    {                                                                                              \
        {text, sizeof(text) - 1}, pivot, true                                                      \
    }
static const struct said_word said_words[] = {
    W("answer", 3),  W("antwort", 3),   W("antwoord", 3), W("réponse", 3),  W("rÉponse", 3),
    W("reponse", 2), W("respuesta", 3), W("risposta", 3), W("resposta", 3), W("odpowiedź", 2),
    W("jawaban", 2), W("đáp án", 4),    W("Đáp án", 4),   W("ответ", 5),    W("Ответ", 5),
    W("ОТВЕТ", 5),   W("答案", 3),      W("答：", 3),     W("答:", 3),      W("答え", 3),
    W("정답", 4),    W("الجواب", 5),    W("####", 3),     O("option", 1),   O("choice", 4),
    O("correct", 5), O("choose", 1),    O("select", 4),   O("pick", 3),     O("选", 2),
};
#undef W
#undef O

enum { N_SAID_WORDS = sizeof said_words / sizeof *said_words };
static_assert(N_SAID_WORDS <= 32, "a set of words is a uint32_t");

/* ---------------------------------------------------------------------------- before it */

/* Whether the line up to i leaves a quotation open, or is one. */
static bool is_quoted(struct str s, int64_t from, int64_t i)
{
    bool is_open = false;
    int64_t line = i;
    while (line > from && i - line < BEFORE_BYTES && s.at[line - 1] != '\n')
        line--;
    if (byte_at(s, line) == '>')
        return true;
    for (int64_t k = line; k < i; k++) {
        if (s.at[k] == '"')
            is_open = !is_open;
        else if (text_has(s, k, STR("“")))
            is_open = true;
        else if (text_has(s, k, STR("”")))
            is_open = false;
    }
    return is_open;
}

/* Steps back over dress and blanks on the line. */
static int64_t back_over_dress(struct str s, int64_t from, int64_t i)
{
    while (i > from && (s.at[i - 1] == ' ' || s.at[i - 1] == '\t' || s.at[i - 1] == '*' ||
                        s.at[i - 1] == '_' || s.at[i - 1] == '`'))
        i--;
    return i;
}

static struct str word_before(struct str s, int64_t from, int64_t *i)
{
    int64_t to = back_over_dress(s, from, *i);
    int64_t at = to;
    while (at > from && to - at < 24 &&
           (is_letter(s.at[at - 1]) || s.at[at - 1] == '\'' || (s.at[at - 1] & 0x80) != 0))
        at--;
    *i = at;
    return str_sub(s, at, to);
}

/* Whether the words before make the word at i no declaration. */
static bool is_refused_before(struct str s, int64_t from, int64_t i)
{
    static const char *const nearest[] = {"to",    "please", "must", "should", "can", "cannot",
                                          "can't", "will",   "not",  "don't",  "and", NULL};
    static const char *const anywhere[] = {
        "if",        "suppose",   "supposing",    "assume",  "assuming", "whether",   "unless",
        "wrong",     "incorrect", "previous",     "earlier", "student",  "student's", "students",
        "says",      "said",      "say",          "states",  "stated",   "claims",    "claimed",
        "reads",     "user's",    "user",         "your",    "their",    "his",       "her",
        "attempted", "tempting",  "intermediate", "partial", "what",     "check",     "verify",
        "checking",  "verifying", "explain",      "find",    "finding",  "express",   "write",
        NULL};
    bool is_verb = s.at[i] == 'a';
    for (int n = 0; n < BEFORE_WORDS; n++) {
        struct str w = word_before(s, from, &i);
        if (w.n == 0)
            return false;
        if ((n == 0 && is_verb && is_one_of(w, nearest)) || is_one_of(w, anywhere))
            return true;
        if (n < 3 && is_one_of(w, (const char *const[]){"not", "isn't", NULL}))
            return true;
    }
    return false;
}

/* ------------------------------------------------------------------------ between word and value
 */

static int64_t skip_dress_and_lines(struct str s, int64_t i)
{
    for (;;) {
        int64_t j = skip_blank(s, i);
        while (j < s.n && (s.at[j] == '*' || s.at[j] == '_' || s.at[j] == '`' || s.at[j] == '}'))
            j++;
        if (j == i)
            return i;
        i = j;
    }
}

/* Bytes of a sign that announces a value, or 0. */
static int64_t announcing_sign(struct str s, int64_t i)
{
    static const struct str signs[] = {{":", 1}, {"：", 3}, {"=", 1},
                                       {"→", 3}, {"->", 2}, {"—", 3}};
    for (size_t k = 0; k < sizeof signs / sizeof *signs; k++)
        if (text_has(s, i, signs[k]))
            return signs[k].n;
    return 0;
}

/* Past 是, 为 and the like after a Chinese or Japanese word, or -1. */
static int64_t after_cjk(struct str s, int64_t i)
{
    static const struct str words[] = {{"应该是", 9}, {"应该为", 9}, {"就是", 6},   {"应为", 6},
                                       {"应是", 6},   {"选择", 6},   {"选项是", 9}, {"是", 3},
                                       {"为", 3},     {"為", 3},     {"选", 3},     {"は", 3},
                                       {"은", 3}};
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (text_has(s, i, words[k]))
            return i + words[k].n;
    return -1;
}

/* Past the words that may come between: "to part (a) is", "lautet"; -1: they announce nothing. */
static int64_t after_link(struct str s, int64_t i)
{
    static const char *const links[] = {
        "is", "are", "was",    "equals",  "est",   "sont",  "ist", "lautet", "sind", "es", "son",
        "é",  "è",   "adalah", "becomes", "будет", "равен", "là",  "jest",   "be",   NULL};
    static const char *const starts[] = {"to",    "for",   "of",     "in",         "from",  "at",
                                         "here",  "thus",  "then",   "therefore",  "hence", "we",
                                         "i",     "must",  "should", "will",       "would", "has",
                                         "turns", "comes", "works",  "simplifies", "out",   NULL};
    int64_t most = i + BETWEEN_BYTES;
    bool is_first = true;
    i = byte_at(s, i) == ',' ? skip_dress(s, i + 1) : i;
    while (i < s.n && i < most) {
        int64_t to = word_end(s, i);
        struct str w = str_sub(s, i, to);
        if (w.n > 0 && is_one_of(w, links))
            return to;
        if (is_one_of(w, (const char *const[]){"not", "never", "cannot", NULL}))
            return -1;
        if (is_first && byte_at(s, i) != '(' && (w.n == 0 || !is_one_of(w, starts)))
            return -1;
        if (w.n == 0 && announcing_sign(s, i) > 0)
            return i;
        if (w.n == 0 && (s.at[i] == '\n' || strchr(".;!?", s.at[i]) != NULL))
            return -1;
        is_first = false;
        i = skip_dress(s, w.n > 0 ? to : i + 1);
    }
    return -1;
}

/* Past "therefore", ":", "equal to" before the value. */
static int64_t skip_fill(struct str s, int64_t i)
{
    static const char *const fill[] = {
        "therefore", "thus",      "then",          "hence",      "simply",    "just",
        "indeed",    "clearly",   "also",          "now",        "equal to",  "exactly",
        "again",     "precisely", "obviously",     "definitely", "still",     "most",
        "likely",    "probably",  "given by",      "in fact",    "of course", "about",
        "roughly",   "is",        "approximately", "approx.",    "always",    "as follows",
        "daher",     "donc",      "由此得",        NULL};
    for (int n = 0; n < 2 * BEFORE_WORDS; n++) {
        int64_t j = skip_dress_and_lines(s, i);
        int64_t sign = byte_at(s, j) == ',' ? 1 : announcing_sign(s, j);
        int64_t to = 0;
        for (const char *const *w = fill; sign == 0 && *w != NULL; w++)
            if (text_has(s, j, str_of(*w)) && !is_letter(byte_at(s, j + str_of(*w).n)))
                to = j + str_of(*w).n;
        if (sign == 0 && to == 0)
            return j;
        i = sign > 0 ? j + sign : to;
    }
    return i;
}

/* Whether a word is the last of its line and the line is a heading: "## Final Answer". */
static bool is_heading(struct str s, int64_t from, int64_t at, int64_t end)
{
    static const char *const words[] = {"final",     "the",   "my", "correct",
                                        "numerical", "short", NULL};
    int64_t i = at;
    int64_t j = skip_dress(s, end);
    if (j < s.n && s.at[j] != '\n' && s.at[j] != '\r')
        return false;
    for (int n = 0; n < BEFORE_WORDS; n++) {
        struct str w = word_before(s, from, &i);
        if (w.n == 0)
            break;
        if (!is_one_of(w, words))
            return false;
    }
    bool is_name = false; /* of \textbf{, \section{ */
    while (i > from && s.at[i - 1] != '\n' && at - i < BEFORE_BYTES) {
        char c = s.at[i - 1];
        is_name = c == '{' || (is_name && is_letter(c));
        if (!is_name && (c == 0 || strchr("# *_.\\", c) == NULL) && !is_digit(c))
            return false;
        i--;
    }
    return true;
}

/* Where the value begins that the word at [at, end) announces, or -1. */
static int64_t value_begin(const struct said_scan *c, const struct said_word *w, int64_t at,
                           int64_t end)
{
    struct str s = c->s;
    bool is_cjk = (w->text.at[0] & 0xf0) == 0xe0;
    if (byte_at(s, at - 1) == '<' && byte_at(s, end) == '>')
        return skip_blank(s, end + 1);
    if (is_cjk && (s.at[end - 1] == ':' || text_has(s, end - 3, STR("："))))
        return skip_fill(s, end);
    int64_t i = skip_dress(s, end);
    if (announcing_sign(s, i) > 0 || is_heading(s, c->from, at, end))
        return skip_fill(s, i);
    int64_t link = is_cjk ? after_cjk(s, i) : -1;
    link = link < 0 ? after_link(s, i) : link;
    return link < 0 ? -1 : skip_fill(s, link);
}

/* On a line of its own a hyphen is a bullet and no minus; of several such lines all are meant. */
static int64_t skip_bullet(struct str s, int64_t end, int64_t begin)
{
    bool is_own_line = memchr(s.at + end, '\n', (size_t)(begin - end)) != NULL;
    if (is_own_line && text_has(s, begin, STR("- ")))
        return begin + 2;
    return is_own_line && text_has(s, begin, STR("• ")) ? begin + 4 : begin;
}

static int64_t bullets_end(struct str s, int64_t to)
{
    enum { LINES = 64 };
    for (int n = 0; n < LINES && byte_at(s, to) == '\n'; n++) {
        int64_t i = skip_blank(s, to);
        if (!text_has(s, i, STR("- ")) && !text_has(s, i, STR("* ")) && !text_has(s, i, STR("• ")))
            return to;
        const char *line = memchr(s.at + i, '\n', (size_t)(s.n - i));
        to = line == NULL ? s.n : line - s.at;
    }
    return to;
}

/* Reads the value of a declaration; false: it declares nothing. */
static bool read_value(struct said_scan *c, const struct said_word *w, struct said *out)
{
    int64_t begin = value_begin(c, w, out->at, out->end);
    bool is_question = false;
    if (begin < 0)
        return false;
    if (skip_dress_and_lines(c->s, begin) == c->s.n) {
        *out = (struct said){SAID_EMPTY, out->at, out->end, c->s.n, c->s.n};
        return true;
    }
    out->from = skip_bullet(c->s, out->end, begin);
    int64_t most = out->from + LIMIT_ANSWER_BYTES + 1;
    out->to = value_end(c->s, out->from, most < c->s.n ? most : c->s.n, &is_question);
    c->bytes_left -= out->to - out->from;
    if (out->from > begin)
        out->to = bullets_end(c->s, out->to);
    undress(c->s, &out->from, &out->to);
    return !is_question && out->from < out->to &&
           value_kind(str_sub(c->s, out->from, out->to), &out->kind);
}

/* "#### 5": on the last line, and nothing that could be a heading. */
static bool read_hashes(const struct said_scan *c, struct said *out)
{
    struct str s = c->s;
    const char *line = memchr(s.at + out->end, '\n', (size_t)(s.n - out->end));
    out->from = skip_dress(s, out->end);
    out->to = line == NULL ? s.n : line - s.at;
    out->kind = SAID_VALUE;
    if (out->from >= out->to || skip_blank(s, out->to) < s.n ||
        (out->at > c->from && s.at[out->at - 1] != '\n'))
        return false;
    char first = s.at[out->from];
    return first != 0 && (is_digit(first) || strchr("-+$\\([{.", first) != NULL) &&
           is_bare_answer(s, &out->from, &out->to);
}

/* "final_answer": whether a name in quotes ends in the word at i. */
static bool is_after_quote(struct str s, int64_t from, int64_t i)
{
    int64_t least = i - 24 > from ? i - 24 : from;
    while (i > least && (is_letter(s.at[i - 1]) || s.at[i - 1] == '_'))
        i--;
    return i > least && s.at[i - 1] == '"';
}

static bool read_word(struct said_scan *c, const struct said_word *w, struct said *out)
{
    struct str s = c->s;
    bool is_ascii = is_letter(w->text.at[0]);
    if (w->text.at[0] == '#')
        return read_hashes(c, out);
    if (is_ascii && (is_letter(byte_at(s, out->at - 1)) || byte_at(s, out->at - 1) == '\\'))
        return false;
    if (is_ascii && !w->is_option && lower(byte_at(s, out->end)) == 's')
        out->end++;
    if (is_ascii && (is_letter(byte_at(s, out->end)) || is_digit(byte_at(s, out->end))))
        return false;
    bool is_key = byte_at(s, out->end) == '"' && is_after_quote(s, c->from, out->at);
    if (is_refused_before(s, c->from, out->at) || (!is_key && is_quoted(s, c->from, out->at)))
        return false;
    bool has_value = text_has(s, out->at, STR("correct")) ? false : read_value(c, w, out);
    if (!has_value && c->has_options)
        *out = (struct said){SAID_OPTION, out->at, out->end, out->end, out->end};
    return has_value || c->has_options;
}

/* ---------------------------------------------------------------------------------- search */

static inline unsigned pair_of(char a, char b)
{
    return ((unsigned char)b ^ (unsigned)(unsigned char)a << 4) % SAID_PAIRS;
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

void said_start(struct said_scan *c, struct str s, int64_t from, bool has_options)
{
    *c = (struct said_scan){.s = s,
                            .from = from,
                            .before = s.n,
                            .n_left = LIMIT_SAID_WORDS,
                            .bytes_left = LIMIT_SAID_BYTES,
                            .has_options = has_options};
    for (int64_t k = 0; k < N_SAID_WORDS; k++) {
        const struct said_word *w = &said_words[k];
        if (w->is_option && !has_options)
            continue;
        char a = w->text.at[w->pivot - 1];
        char b = w->text.at[w->pivot];
        c->by_pair[pair_of(a, b)] |= 1U << k;
        c->by_pair[pair_of(upper(a), b)] |= 1U << k;
        c->by_pair[pair_of(a, upper(b))] |= 1U << k;
        c->by_pair[pair_of(upper(a), upper(b))] |= 1U << k;
    }
}

/* The word whose pair ends at i, with its place in *out; NULL: none. */
static const struct said_word *word_at(const struct said_scan *c, int64_t i, struct said *out)
{
    for (uint32_t set = c->by_pair[pair_of(c->s.at[i - 1], c->s.at[i])]; set != 0; set &= set - 1) {
        const struct said_word *w = &said_words[__builtin_ctz(set)];
        int64_t at = i - w->pivot;
        if (at >= c->from && text_has(c->s, at, w->text)) {
            *out = (struct said){.at = at, .end = at + w->text.n};
            return w;
        }
    }
    return NULL;
}

/* The next place backwards where two bytes may be of a word, or `from`. */
static int64_t next_pair(const struct said_scan *c)
{
    const char *s = c->s.at;
    int64_t i = c->before - 1;
    while (i > c->from && c->by_pair[pair_of(s[i - 1], s[i])] == 0)
        i--;
    return i;
}

bool said_next(struct said_scan *c, struct said *out)
{
    while (c->n_left > 0 && c->bytes_left > 0) {
        int64_t i = next_pair(c);
        if (i <= c->from)
            return false;
        c->before = i;
        const struct said_word *w = word_at(c, i, out);
        if (w == NULL)
            continue;
        c->n_left--;
        if (read_word(c, w, out))
            return true;
    }
    return false;
}
