#include <stdio.h>

#include "base/limits.h"
#include "harness/report/report.h"

static void print_json(const struct summary *const *runs, int64_t n, struct buf *out)
{
    CLEANUP(json_out_free) struct json_out w = {0};
    if (n > 1)
        json_open(&w, '[');
    for (int64_t i = 0; i < n; i++)
        report_json(runs[i], &w);
    if (n > 1)
        json_close(&w, ']');
    buf_put(out, buf_str(&w.text));
    buf_byte(out, '\n');
}

void report_print(const struct summary *const *runs, int64_t n, bool is_json)
{
    CLEANUP(buf_free) struct buf out = {0};
    if (is_json)
        print_json(runs, n, &out);
    else if (n == 1)
        report_page(runs[0], &out);
    else
        report_table(runs, n, &out);
    (void)fwrite(out.at, 1, (size_t)out.n, stdout);
}

bool report_print_run(struct store *store, bool is_json, bool *has_ungraded, struct err *e)
{
    CLEANUP(arena_fini) struct arena keep = {0};
    CLEANUP(arena_fini) struct arena tmp = {0};
    arena_init(&keep, "report", LIMIT_ARENA_RUN);
    arena_init(&tmp, "report, tmp", LIMIT_ARENA_TMP);
    struct summary s;
    const struct summary *runs[] = {&s};
    TRY(summary_read(store, &s, &keep, tmp, e));
    report_print(runs, 1, is_json);
    *has_ungraded = s.tally.ungraded > 0;
    return true;
}
