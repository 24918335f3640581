#include "base/utf8.h"
#include "harness/audit.h"

enum { GOLD_BYTES = 40 };

/* On one line, at most `most` bytes of it. */
static void put_cell(struct buf *out, struct str s, int64_t most)
{
    CLEANUP(buf_free) struct buf cell = {0};
    bool is_cut = s.n > most;
    if (is_cut)
        s = str_sub(s, 0, most - 3);
    s.n -= is_cut ? utf8_open_tail(s) : 0;
    utf8_replace_bad(&cell, s);
    for (int64_t i = 0; i < cell.n; i++)
        if ((unsigned char)cell.at[i] < ' ' || cell.at[i] == 0x7f)
            cell.at[i] = ' ';
    buf_put(out, buf_str(&cell));
    buf_put(out, is_cut ? STR("...") : STR(""));
}

static void show_head(const struct audit *a, struct buf *out)
{
    const struct suite *s = a->suite;
    buf_fmt(out, "%.*s, version %.*s: %lld golds, grader %.*s\n", STR_ARG(s->name),
            STR_ARG(s->version), (long long)s->n_items, STR_ARG(s->grader));
    if (s->errata.n > 0)
        buf_fmt(out, "  errata      %lld golds replaced, %lld items void\n",
                (long long)(s->errata.n - s->n_void), (long long)s->n_void);
    if (a->n_runs > 0)
        buf_fmt(out, "  runs        %lld, with %lld samples of these items\n", (long long)a->n_runs,
                (long long)a->n_samples);
    if (!str_eq(s->grader, STR("math")))
        return;
    buf_put(out, STR("  written as "));
    const char *comma = "";
    for (int i = 0; i < GOLD_N_SHAPES; i++)
        if (a->n_shapes[i] > 0) {
            buf_fmt(out, "%s %s %lld", comma, gold_shape_name((enum gold_shape)i),
                    (long long)a->n_shapes[i]);
            comma = ",";
        }
    buf_byte(out, '\n');
}

void audit_show(const struct audit *a, struct buf *out)
{
    show_head(a, out);
    if (a->n_flags > 0)
        buf_fmt(out, "\n  %-20s %-15s %-*s %s\n", "item", "what", GOLD_BYTES, "gold", "why");
    for (int64_t i = 0; i < a->n_flags; i++) {
        const struct audit_flag *f = &a->flags[i];
        int64_t start = 0;
        buf_fmt(out, "  %-20.*s %-15s ", STR_ARG(f->item->id), audit_kind_name(f->kind));
        start = out->n;
        put_cell(out, f->gold, GOLD_BYTES);
        while (out->n - start < GOLD_BYTES + 1)
            buf_byte(out, ' ');
        put_cell(out, f->why, 400);
        buf_byte(out, '\n');
    }
    buf_fmt(out, "\n%lld flags, %lld notes\n", (long long)(a->n_flags - a->n_notes),
            (long long)a->n_notes);
}

static void put_shapes(const struct audit *a, struct json_out *w)
{
    json_put_key(w, "written_as");
    json_open(w, '{');
    for (int i = 0; i < GOLD_N_SHAPES; i++)
        if (a->n_shapes[i] > 0)
            json_pair_i64(w, gold_shape_name((enum gold_shape)i), a->n_shapes[i]);
    json_close(w, '}');
}

void audit_json(const struct audit *a, struct json_out *w)
{
    json_open(w, '{');
    json_pair_str(w, "suite", a->suite->name);
    json_pair_str(w, "version", a->suite->version);
    json_pair_str(w, "identity", str_of(a->suite->identity));
    json_pair_str(w, "grader", a->suite->grader);
    json_pair_i64(w, "items", a->suite->n_items);
    json_pair_i64(w, "runs", a->n_runs);
    json_pair_i64(w, "samples", a->n_samples);
    put_shapes(a, w);
    json_pair_i64(w, "n_flags", a->n_flags - a->n_notes);
    json_pair_i64(w, "n_notes", a->n_notes);
    json_put_key(w, "flags");
    json_open(w, '[');
    for (int64_t i = 0; i < a->n_flags; i++) {
        const struct audit_flag *f = &a->flags[i];
        json_open(w, '{');
        json_pair_str(w, "item", f->item->id);
        json_pair_str(w, "what", str_of(audit_kind_name(f->kind)));
        json_pair_bool(w, "is_note", audit_is_note(f->kind));
        json_pair_str(w, "gold", f->gold);
        json_pair_str(w, "why", f->why);
        json_close(w, '}');
    }
    json_close(w, ']');
    json_close(w, '}');
}
