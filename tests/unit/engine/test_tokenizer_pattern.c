/* Split patterns: what PCRE2 is asked, and that no text makes it slow or fail. */
#include "base/limits.h"
#include "base/pattern.h"
#include "engine/pretok.h"
#include "engine/pretok_regex.h"
#include "tests/support/support.h"

#define SIGNS "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
#define WORDS                                                                                      \
    SIGNS "|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|"       \
          "\\s+(?!\\S)|\\s+"

#define CJK "[\xE4\xB8\x80-\xE9\xBE\xA5\xE3\x81\x80-\xE3\x82\x9F\xE3\x82\xA0-\xE3\x83\xBF]+"

static const struct str splits[3] = {
    {"\\p{N}{1,3}", 10},
    {CJK, sizeof CJK - 1},
    {WORDS, sizeof WORDS - 1},
};

static struct pretok *splits_open(enum pattern_engine engine)
{
    struct err e = {0};
    struct pretok *p = NULL;
    ASSERT_OK(pretok_open(&p, splits, 3, engine, &e), e);
    return p;
}

/* The pieces with a bar before each. */
static void cut(const struct pretok *p, struct str text, struct buf *out)
{
    struct err e = {0};
    struct str piece;
    struct pattern_work *work;
    pattern_work_open(&work);
    struct pretok_walk w = pretok_start(p, work, text);
    for (;;) {
        ASSERT_OK(pretok_next(&w, &piece, &e), e);
        if (piece.n == 0)
            break;
        buf_byte(out, '|');
        buf_put(out, piece);
    }
    pattern_work_close(work);
}

static void cut_gives(const struct pretok *p, const char *text, const char *want)
{
    struct buf out = {0};
    cut(p, str_of(text), &out);
    buf_byte(&out, 0);
    cr_assert_str_eq(out.at == NULL ? "" : out.at, want);
    buf_free(&out);
}

Test(tokenizer_pattern, texts_are_cut_as_the_patterns_say)
{
    for (int engine = PATTERN_FASTEST; engine <= PATTERN_INTERPRETED; engine++) {
        struct pretok *p = splits_open((enum pattern_engine)engine);
        cut_gives(p, "", "");
        cut_gives(p, "12345 678", "|123|45| |678");
        cut_gives(p, "the  river", "|the| | river");
        cut_gives(p, "a \n\n b  ", "|a| \n\n| b|  ");
        cut_gives(p, "don't (x)->y;", "|don|'t| (|x|)->|y|;");
        cut_gives(p, "x数学y 天", "|x|数学|y| |天");
        cut_gives(p, "e\xCC\x81t\xC3\xA9 !?\r\n.", "|e\xCC\x81t\xC3\xA9| !?\r\n|.");
        cut_gives(p, "\x01\x02 a", "|\x01\x02| a");
        pretok_close(p);
    }
}

/* The two places where PCRE2 as installed and the tokenizers package part company. */
Test(tokenizer_pattern, characters_are_classified_as_unicode_16_does)
{
    struct pretok *p = splits_open(PATTERN_FASTEST);
    cut_gives(p, "a \xE1\xA0\x8E b", "|a| |\xE1\xA0\x8E| b");   /* U+180E is no space */
    cut_gives(p, "a \xF0\x9F\xAB\xA8", "|a| \xF0\x9F\xAB\xA8"); /* U+1FAE8, a sign since 15 */
    cut_gives(p, "\xF0\xB1\x8D\x90z", "|\xF0\xB1\x8D\x90z");    /* U+31350, a letter since 15 */
    cut_gives(p,
              "1\xF0\x90\xB5\x80"
              "1",
              "|1\xF0\x90\xB5\x80"
              "1"); /* U+10D40, a number since 16 */
    cut_gives(p,
              "a\xC2\x85"
              "b",
              "|a|\xC2\x85"
              "b"); /* U+0085 is a space, and may open a word */
    cut_gives(p, "a\xC2\x85\xC2\x85", "|a|\xC2\x85\xC2\x85");
    pretok_close(p);
}

static void is_refused(const char *regex, enum err_class cls, const char *says)
{
    struct err e = {0};
    struct pretok *p = NULL;
    struct str one = str_of(regex);
    cr_assert_not(pretok_open(&p, &one, 1, PATTERN_FASTEST, &e), "%s was taken", regex);
    cr_assert_eq(e.cls, cls, "%s: class %d", regex, e.cls);
    cr_assert(strstr(e.text, says) != NULL, "%s: \"%s\" does not say \"%s\"", regex, e.text, says);
    cr_assert(strstr(e.text, "pattern 0") != NULL, "%s", e.text);
}

Test(tokenizer_pattern, what_might_mean_something_else_is_refused)
{
    is_refused("a|\\w+", ERR_UNSUPPORTED, "byte 2: this escape");
    is_refused("\\p{Han}", ERR_UNSUPPORTED, "property");
    is_refused("\\p{L", ERR_UNSUPPORTED, "property");
    is_refused("\\pL", ERR_UNSUPPORTED, "property");
    is_refused("x^a", ERR_UNSUPPORTED, "byte 1: an anchor");
    is_refused("a$", ERR_UNSUPPORTED, "an anchor");
    is_refused("a.", ERR_UNSUPPORTED, "'.'");
    is_refused("(?i:a)", ERR_UNSUPPORTED, "a group");
    is_refused("(?<=a)b", ERR_UNSUPPORTED, "a group");
    is_refused("(*ACCEPT)a", ERR_UNSUPPORTED, "a verb");
    is_refused("[a[b]]", ERR_UNSUPPORTED, "within");
    is_refused("[a&&b]", ERR_UNSUPPORTED, "within");
    is_refused("[]a]", ERR_UNSUPPORTED, "first in a class");
    is_refused("[\\S]", ERR_UNSUPPORTED, "byte 1: a negated set");
    is_refused("[\\P{L}]", ERR_UNSUPPORTED, "a negated set");
    is_refused("[\\s-a]", ERR_UNSUPPORTED, "a range");
    is_refused("a{,3}", ERR_UNSUPPORTED, "a repeat");
    is_refused("a{1,3}+", ERR_UNSUPPORTED, "after a counted repeat");
    is_refused("a*", ERR_UNSUPPORTED, "empty text");
    is_refused("", ERR_UNSUPPORTED, "empty text");
    is_refused("[a", ERR_INPUT, "not closed");
    is_refused("[", ERR_INPUT, "not closed");
    is_refused("\\", ERR_UNSUPPORTED, "this escape");
    is_refused("(a", ERR_INPUT, "regex at byte 2");
    is_refused("[b-a]", ERR_INPUT, "regex at byte");
    is_refused("\xFF", ERR_INPUT, "regex at byte");
}

/* What is slow to search: each one fills a piece with what an alternative can go back over. */
static const char *const filling[] = {" ",
                                      "a",
                                      "7",
                                      "=",
                                      "\n",
                                      "\x01",
                                      "\xE6\x95\xB0",
                                      " \n",
                                      "\xCC\x81",
                                      "\t\xC2\xA0 ",
                                      "'a",
                                      " \x01",
                                      "\xF0\x9F\xAB\xA8",
                                      "a "};

static void fill(struct buf *text, const char *unit, int64_t n)
{
    buf_clear(text);
    while (text->n < n)
        buf_put(text, str_of(unit));
    buf_byte(text, 'x');
}

/* One search may step back once for each byte it covers, and a few times more: never once for
 * each byte from each byte. The interpreter counts its steps, so this does not depend on a clock.
 */
Test(tokenizer_pattern, no_text_is_gone_over_again_and_again)
{
    enum { N = 50000 };
    struct buf text = {0};
    struct pretok *p = splits_open(PATTERN_INTERPRETED);
    struct pattern_work *work;
    pattern_work_open(&work);
    for (size_t i = 0; i < sizeof filling / sizeof filling[0]; i++) {
        struct err e = {0};
        struct str piece = {0};
        int64_t n = 0;
        fill(&text, filling[i], N);
        struct pretok_walk w = pretok_start(p, work, buf_str(&text));
        do {
            n += piece.n;
            pattern_work_limit(work, 3 * N); /* first piece may be all of it */
            ASSERT_OK(pretok_next(&w, &piece, &e), e);
            cr_assert(piece.n > 0 || n == text.n);
        } while (piece.n > 0);
    }
    pattern_work_limit(work, 1000);
    struct err e = {0};
    struct str piece;
    fill(&text, " ", N);
    struct pretok_walk w = pretok_start(p, work, buf_str(&text));
    cr_assert_not(pretok_next(&w, &piece, &e), "the limit is looked at");
    cr_assert_eq(e.cls, ERR_LIMIT);
    pattern_work_close(work);
    pretok_close(p);
    buf_free(&text);
}

Test(tokenizer_pattern, a_long_run_of_one_thing_is_cut_alike_by_both_engines)
{
    struct buf text = {0};
    struct pretok *fast = splits_open(PATTERN_FASTEST);
    struct pretok *plain = splits_open(PATTERN_INTERPRETED);
    for (size_t i = 0; i < sizeof filling / sizeof filling[0]; i++) {
        struct buf a = {0};
        struct buf b = {0};
        fill(&text, filling[i], 60000);
        cut(fast, buf_str(&text), &a);
        cut(plain, buf_str(&text), &b);
        cr_assert(str_eq(buf_str(&a), buf_str(&b)), "filling %d", (int)i);
        buf_free(&a);
        buf_free(&b);
    }
    pretok_close(fast);
    pretok_close(plain);
    buf_free(&text);
}

/* (?:a|b)* remembers every round: the small stack is not enough, nor is the large one for the
 * longest of these. */
Test(tokenizer_pattern, a_search_that_outgrows_its_stack_is_finished_elsewhere)
{
    struct err e = {0};
    struct pattern *p;
    struct pattern_work *work;
    struct buf text = {0};
    ASSERT_OK(pattern_open(&p, STR("(?:a|b|(c))*d"), PATTERN_FASTEST, &e), e);
    pattern_work_open(&work);
    for (int64_t n = 1 << 10; n <= 1 << 21; n *= 8) {
        struct pattern_hit hit;
        fill(&text, "abc", n);
        text.at[text.n - 1] = 'd';
        ASSERT_OK(pattern_find(p, work, buf_str(&text), &hit, &e), e);
        cr_assert_eq(hit.from, 0);
        cr_assert_eq(hit.to, text.n);
    }
    pattern_work_close(work);
    pattern_close(p);
    buf_free(&text);
}
