#include "base/limits.h"
#include "base/utf8.h"
#include "harness/answer.h"

enum { CONTEXT_BYTES = 60, SHOWN_BYTES = 400 };

/* ---- JSON ---- */

static void put_name(struct json_out *w, const char *key, const char *name)
{
    json_put_key(w, key);
    if (name == NULL)
        json_put_null(w);
    else
        json_put_str(w, str_of(name));
}

void answer_json(const struct answer_said *s, struct json_out *w)
{
    json_pair_str(w, "verdict", str_of(answer_verdict_name(s->verdict)));
    put_name(w, "level", s->level);
    json_pair_str(w, "extracted", s->extracted);
    json_put_key(w, "span");
    if (s->from < 0) {
        json_put_null(w);
    } else {
        json_open(w, '[');
        json_put_i64(w, s->from);
        json_put_i64(w, s->to);
        json_close(w, ']');
    }
    json_pair_str(w, "why", s->why);
}

static void put_read(struct json_out *w, const char *key, struct str read, const char *how)
{
    json_put_key(w, key);
    json_open(w, '{');
    json_pair_str(w, "read", read);
    json_pair_str(w, "how", str_of(how));
    json_close(w, '}');
}

void answer_json_details(const struct answer_ask *a, const struct answer_said *s,
                         struct json_out *w)
{
    CLEANUP(buf_free) struct buf policies = {0};
    json_pair_str(w, "rule", str_of(s->rule));
    put_name(w, "comparator", s->comparator);
    put_name(w, "method", s->method);
    json_pair_i64(w, "bits", s->bits);
    put_read(w, "gold", s->gold_read, s->gold_how);
    put_read(w, "pred", s->pred_read, s->pred_how);
    if (a->kind != ANSWER_MATH)
        return;
    equal_policy_print(&a->policy, &policies);
    json_put_key(w, "policies");
    json_put_raw(w, buf_str(&policies));
}

/* ---- for people ---- */

/* Text on one line: what would move the cursor becomes a blank, what is no UTF-8 becomes U+FFFD. */
static void put_line(struct buf *out, struct str s)
{
    CLEANUP(buf_free) struct buf clean = {0};
    utf8_replace_bad(&clean, s);
    for (int64_t i = 0; i < clean.n; i++)
        if ((unsigned char)clean.at[i] < ' ' || clean.at[i] == 0x7f)
            clean.at[i] = ' ';
    buf_put(out, buf_str(&clean));
}

static struct str clipped(struct str s, int64_t n)
{
    if (s.n <= n)
        return s;
    s.n = n;
    s.n -= utf8_open_tail(s);
    return s;
}

static void put_clipped(struct buf *out, struct str s)
{
    put_line(out, clipped(s, SHOWN_BYTES));
    if (s.n > SHOWN_BYTES)
        buf_put(out, STR("..."));
}

/* Past bytes that only continue a character. */
static int64_t whole_character(struct str s, int64_t i)
{
    while (i < s.n && ((unsigned char)s.at[i] & 0xc0) == 0x80)
        i++;
    return i;
}

/* "...so it is \boxed{>>>0.5<<<}, as" */
static void put_context(struct buf *out, struct str text, int64_t from, int64_t to)
{
    int64_t start = from > CONTEXT_BYTES ? whole_character(text, from - CONTEXT_BYTES) : 0;
    struct str after = clipped(str_sub(text, to, text.n), CONTEXT_BYTES);
    buf_put(out, start > 0 ? STR("...") : STR(""));
    put_line(out, str_sub(text, start, from));
    buf_put(out, STR(">>>"));
    put_clipped(out, str_sub(text, from, to));
    buf_put(out, STR("<<<"));
    put_line(out, after);
    if (to + after.n < text.n)
        buf_put(out, STR("..."));
}

static const char *level_words(const char *level)
{
    static const struct {
        enum equal_level level;
        const char *words;
    } all[] = {{LEVEL_E2, "proved equal"},     {LEVEL_E1, "equal, with a stated chance of error"},
               {LEVEL_D2, "proved different"}, {LEVEL_D1, "of another type or shape"},
               {LEVEL_U, "undecided"},         {LEVEL_P, "decided by a policy"}};
    for (size_t i = 0; level != NULL && i < sizeof all / sizeof *all; i++)
        if (str_eq(str_of(equal_level_name(all[i].level)), str_of(level)))
            return all[i].words;
    return "";
}

static void put_label(struct buf *out, int indent, const char *label)
{
    buf_fmt(out, "%*s%-11s ", indent, "", label);
}

static void show_side(struct buf *out, int indent, const char *label, struct str text,
                      struct str read, const char *how)
{
    put_label(out, indent, label);
    put_clipped(out, text);
    if (read.n == 0)
        buf_put(out, STR("   (not understood)"));
    else
        buf_put(out, STR("   read as "));
    put_clipped(out, read);
    if (how != NULL && *how != 0)
        buf_fmt(out, "   (%s)", how);
    buf_byte(out, '\n');
}

static void show_extraction(const struct answer_ask *a, const struct answer_said *s, int indent,
                            struct buf *out)
{
    if (!a->is_response)
        return;
    put_label(out, indent, "extracted");
    if (s->extracted.n > 0)
        put_clipped(out, s->extracted);
    else
        buf_put(out, STR("nothing"));
    buf_fmt(out, "   (rule %s", s->rule);
    if (s->from >= 0)
        buf_fmt(out, ", bytes %lld to %lld", (long long)s->from, (long long)s->to);
    buf_put(out, STR(")\n"));
    if (s->from < 0)
        return;
    put_label(out, indent, "");
    put_context(out, a->text, s->from, s->to);
    buf_byte(out, '\n');
}

static void show_method(const struct answer_said *s, int indent, struct buf *out)
{
    if (s->comparator == NULL)
        return;
    put_label(out, indent, "compared");
    buf_fmt(out, "as %s, by %s", s->comparator, s->method);
    if (s->bits > 0)
        buf_fmt(out, ", %lld bits", (long long)s->bits);
    buf_byte(out, '\n');
}

static void show_policies(const struct answer_ask *a, int indent, struct buf *out)
{
    if (a->kind != ANSWER_MATH)
        return;
    put_label(out, indent, "policies");
    equal_policy_print(&a->policy, out);
    buf_byte(out, '\n');
}

void answer_show(const struct answer_ask *a, const struct answer_said *s, int indent,
                 struct buf *out)
{
    put_label(out, indent, "verdict");
    buf_fmt(out, "%s\n", answer_verdict_name(s->verdict));
    if (s->level != NULL) {
        put_label(out, indent, "level");
        buf_fmt(out, "%s, %s\n", s->level, level_words(s->level));
    }
    put_label(out, indent, "why");
    put_clipped(out, s->why);
    buf_byte(out, '\n');
    show_extraction(a, s, indent, out);
    show_side(out, indent, "gold", a->gold, s->gold_read, s->gold_how);
    if (s->extracted.n > 0)
        show_side(out, indent, "answer", s->extracted, s->pred_read, s->pred_how);
    show_method(s, indent, out);
    show_policies(a, indent, out);
}
