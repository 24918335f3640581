/* Tokenizer: text to ids, ids to text, opening the file. Uses the model's own tokenizer when the
 * official vectors are at hand, else the tiny model's; the rates differ, so the table says which.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "engine/tokenizer.h"
#include "tests/bench/bench.h"

enum variant {
    ENGLISH,
    CODE,
    CHINESE,
    MIXED,
    LETTERS,
    SPACES,
    SIGNS,
    HAN,
    CONTROLS,
    SHORT,
    N_KINDS
};
enum { SMALL = 100, BYTES_SMALL = 100000, BYTES = 1000000, SEED = 11 };

struct state {
    struct tokenizer *t;
    struct buf text;
    struct tokens ids;
    struct buf back;
    char path[LIMIT_PATH_BYTES];
};

static bool find_tokenizer(char *path, int64_t n)
{
    const char *vectors = getenv("PODIUM_VECTORS");
    (void)snprintf(path, (size_t)n, "%s/tokenizer_v32.json",
                   vectors != NULL ? vectors : "../shared/vectors");
    if (file_exists(path))
        return true;
    (void)snprintf(path, (size_t)n, "assets/tiny/tokenizer.json");
    return file_exists(path);
}

static const char *pick(const char *const *list, uint64_t n, uint64_t stream, uint64_t i)
{
    /* The product of two draws is small more often than not, as frequent words are few. */
    double u = rng_unit(SEED, stream, 2 * i) * rng_unit(SEED, stream, 2 * i + 1);
    return list[(uint64_t)((double)n * u)];
}

#define PICK(list, stream, i) pick((list), sizeof(list) / sizeof(list)[0], (stream), (i))

/* One word in nine is made up, so that not everything is an entry of the vocabulary. */
static void put_english(struct buf *b, uint64_t i)
{
    static const char *const word[] = {
        "the",         "of",         "and",
        "to",          "a",          "in",
        "is",          "that",       "it",
        "for",         "as",         "with",
        "was",         "this",       "be",
        "are",         "not",        "which",
        "from",        "we",         "have",
        "number",      "answer",     "therefore",
        "because",     "between",    "integer",
        "consider",    "remainder",  "equation",
        "triangle",    "positive",   "divides",
        "probability", "following",  "sequence",
        "polynomial",  "determine",  "value",
        "consecutive", "suppose",    "however",
        "wait",        "let",        "me",
        "check",       "again",      "solution",
        "different",   "each",       "problem",
        "modulo",      "prime",      "factor",
        "expression",  "maximum",    "perpendicular",
        "circle",      "arithmetic", "geometric",
        "inequality",  "substitute", "simplify",
        "coefficient", "obviously",
    };
    static const char *const part[] = {"ka",  "lo", "ter", "min", "sha",
                                       "vor", "ul", "ex",  "pri", "ond"};
    static const char *const mark[] = {" ", " ", " ", " ", " ", ", ", ". ", " = 12 ", "? ", ":\n"};
    if (rng_below(SEED, 2, i, 9) == 0)
        buf_fmt(b, "%s%s%s", PICK(part, 3, i), PICK(part, 4, i), PICK(part, 5, i));
    else
        buf_put(b, str_of(PICK(word, 1, i)));
    buf_put(b, str_of(mark[rng_below(SEED, 6, i, 10)]));
}

static void put_code(struct buf *b, uint64_t i)
{
    static const char *const line[] = {
        "    for (int i = 0; i < n; i++) {\n",
        "        sum += a[i] * b[i];\n",
        "    }\n",
        "    return sum;\n",
        "}\n\n",
        "int main(void)\n{\n",
        "#include <vector>\n",
        "    std::vector<long long> %s(n);\n",
        "    while (left < right && %s[left] > 0)\n",
        "        std::cin >> %s[i];\n",
        "def %s(values, limit=100):\n",
        "    return [x for x in %s if x %% 2 == 0]\n",
        "    if %s is None:\n",
        "        raise ValueError(f\"%s = {limit}\")\n",
        "    std::sort(%s.begin(), %s.end());\n",
    };
    static const char *const name[] = {"count", "dp",  "left_sum", "maxValue",
                                       "graph", "tmp", "xs",       "query2"};
    const char *n = PICK(name, 8, i);
    for (const char *p = PICK(line, 7, i); *p != 0; p++) {
        if (p[0] == '%' && p[1] == 's')
            buf_put(b, str_of(n));
        else if (p[0] != '%' || p[1] != '%')
            buf_byte(b, *p);
        p += p[0] == '%' && p[1] == 's';
    }
}

static void put_code_point(struct buf *b, uint32_t c)
{
    char at[4];
    buf_put(b, (struct str){at, utf8_encode(c, at)});
}

static void put_chinese(struct buf *b, uint64_t i)
{
    static const char *const word[] = {"的",     "是",   "我们", "因为", "所以", "数学",
                                       "问题",   "答案", "整数", "方程", "可以", "得到",
                                       "三角形", "首先", "假设", "概率", "余数"};
    if (rng_below(SEED, 9, i, 4) == 0)
        put_code_point(b, 0x4E00 + (uint32_t)rng_below(SEED, 10, i, 0x9FA5 - 0x4E00));
    else
        buf_put(b, str_of(PICK(word, 11, i)));
    if (rng_below(SEED, 12, i, 8) == 0)
        buf_put(b, STR("，"));
}

static void put_mixed(struct buf *b, uint64_t i)
{
    static const char *const token[] = {"<｜User｜>", "<｜Assistant｜>", "<think>", "</think>",
                                        "｜DSML｜"};
    uint64_t what = rng_below(SEED, 13, i / 40, 4);
    if (i % 200 == 0)
        buf_put(b, str_of(PICK(token, 14, i)));
    else if (what == 0)
        put_chinese(b, i);
    else if (what == 1)
        put_code(b, i);
    else
        put_english(b, i);
}

static void put_one(struct buf *b, enum variant kind, uint64_t i)
{
    switch (kind) {
    case CODE:
        put_code(b, i);
        return;
    case CHINESE:
        put_chinese(b, i);
        return;
    case MIXED:
        put_mixed(b, i);
        return;
    case LETTERS:
        buf_byte(b, (char)('a' + rng_below(SEED, 15, i, 26)));
        return;
    case SPACES:
        buf_byte(b, ' ');
        return;
    case SIGNS:
        buf_byte(b, "=-+*/<>.,;"[rng_below(SEED, 16, i, 10)]);
        return;
    case HAN:
        put_code_point(b, 0x4E00 + (uint32_t)rng_below(SEED, 17, i, 0x9FA5 - 0x4E00));
        return;
    case CONTROLS:
        buf_put(b, STR("<｜place▁holder▁no▁"));
        return;
    default:
        put_english(b, i);
    }
}

static void state_free(struct state *s)
{
    tokenizer_close(s->t);
    buf_free(&s->text);
    buf_free(&s->back);
    tokens_free(&s->ids);
    free(s);
}

static bool open_text(struct bench_run *r, struct err *e)
{
    bool is_small = r->variant >= SMALL;
    enum variant kind = (enum variant)(r->variant % SMALL);
    int64_t n = kind == SHORT ? 60 : is_small ? BYTES_SMALL : BYTES;
    struct state *s = calloc(1, sizeof *s);
    if (s == NULL || !find_tokenizer(s->path, sizeof s->path)) {
        free(s);
        r->skip = "no tokenizer: neither the official vectors nor assets/tiny";
        return true;
    }
    if (!tokenizer_open(&s->t, s->path, e)) {
        state_free(s);
        return false;
    }
    for (uint64_t i = 0; s->text.n < n; i++)
        put_one(&s->text, kind, i);
    r->work = (double)s->text.n;
    r->state = s;
    return true;
}

static bool step_encode(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    s->ids.n = 0;
    return tokenizer_encode(s->t, buf_str(&s->text), TOKENIZER_SPECIAL, TOKENIZER_REFUSE, &s->ids,
                            e);
}

static bool open_ids(struct bench_run *r, struct err *e)
{
    TRY(open_text(r, e));
    return r->skip != NULL || step_encode(r, e);
}

static bool step_decode(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    buf_clear(&s->back);
    return tokenizer_decode(s->t, s->ids.at, s->ids.n, false, &s->back, e);
}

static bool step_stream(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    struct tokenizer_stream held = {0};
    buf_clear(&s->back);
    for (int64_t i = 0; i < s->ids.n; i++)
        TRY(tokenizer_stream_put(s->t, &held, s->ids.at[i], false, &s->back, e));
    tokenizer_stream_end(&held, &s->back);
    return true;
}

static bool open_file(struct bench_run *r, struct err *e)
{
    struct file_map file;
    TRY(open_text(r, e));
    if (r->skip != NULL)
        return true;
    struct state *s = r->state;
    TRY(file_map_open(s->path, &file, e));
    r->work = (double)file.n;
    file_map_close(&file);
    return true;
}

static bool step_open(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    struct tokenizer *t;
    TRY(tokenizer_open(&t, s->path, e));
    tokenizer_close(t);
    return true;
}

static void close_state(struct bench_run *r)
{
    state_free(r->state);
}

#define ENCODE(what, kind)                                                                         \
    {                                                                                              \
        "tokenizer/encode/" what, "MB/s", 1e6, kind, open_text, step_encode, close_state           \
    }

const struct bench bench_tokenizer[] = {
    ENCODE("english", ENGLISH),
    ENCODE("code", CODE),
    ENCODE("chinese", CHINESE),
    ENCODE("mixed with control tokens", MIXED),
    ENCODE("a short message", SHORT),
    ENCODE("one word, 100 kB", LETTERS + SMALL),
    ENCODE("one word, 1 MB", LETTERS),
    ENCODE("spaces, 100 kB", SPACES + SMALL),
    ENCODE("spaces, 1 MB", SPACES),
    ENCODE("signs, 100 kB", SIGNS + SMALL),
    ENCODE("signs, 1 MB", SIGNS),
    ENCODE("one han word, 100 kB", HAN + SMALL),
    ENCODE("one han word, 1 MB", HAN),
    ENCODE("almost a token, 100 kB", CONTROLS + SMALL),
    ENCODE("almost a token, 1 MB", CONTROLS),
    {"tokenizer/decode/english", "MB/s", 1e6, ENGLISH, open_ids, step_decode, close_state},
    {"tokenizer/stream/english", "MB/s", 1e6, ENGLISH, open_ids, step_stream, close_state},
    {"tokenizer/open", "MB/s", 1e6, SHORT, open_file, step_open, close_state},
    {0},
};
