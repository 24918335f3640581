#include "harness/grading.h"

#include <assert.h>
#include <stdio.h>

void grading_init(struct grading *g, int64_t n_max, struct arena *keep)
{
    g->waiting = NEW(keep, struct grading_job, n_max + 1);
    g->n_max = n_max;
    g->n_waiting = 0;
    g->i_sent = 0;
    arena_init(&g->tmp, "grading", LIMIT_ARENA_ITEM);
}

void grading_fini(struct grading *g)
{
    arena_fini(&g->tmp);
}

void grading_put(struct grading *g, int64_t reply_id, int64_t i_item)
{
    assert(g->n_waiting < g->n_max);
    g->waiting[g->n_waiting++] = (struct grading_job){.reply_id = reply_id, .i_item = i_item};
}

int64_t grading_n_left(const struct grading *g)
{
    return g->n_waiting - g->i_sent + grade_pool_n_alive(g->pool);
}

static bool send(struct grading *g, struct err *e)
{
    while (g->i_sent < g->n_waiting && grade_pool_has_room(g->pool)) {
        const struct grading_job *job = &g->waiting[g->i_sent];
        struct reply_text text = {0};
        arena_reset(&g->tmp);
        TRY(store_get_text(g->store, job->reply_id, &text, &g->tmp, e));
        grade_pool_submit(g->pool, &(struct grade_request){.ticket = job->reply_id,
                                                           .grader = g->grader,
                                                           .reply = text.content,
                                                           .key = g->items[job->i_item].key_text,
                                                           .definition = g->definition});
        g->i_sent++;
    }
    return true;
}

static struct grade_row row_of(const struct grading *g, const struct grade_answer *a)
{
    struct grade_row row = {.grader = g->grader, .version = a->version};
    if (!a->ok) {
        row.trouble = a->err.text[0] != 0 ? str_of(a->err.text) : STR("no reason was given");
    } else if (a->next == GRADE_ASK) {
        row.trouble = STR("the grader asks a model, which this version cannot do");
    } else if (!(a->grade.score >= 0 && a->grade.score <= 1)) {
        row.trouble = STR("the grader gave a score outside [0, 1]");
    } else {
        row.verdict = a->grade.verdict;
        row.score = a->grade.score;
        row.answer = a->grade.answer;
        row.reason = a->grade.reason;
        row.evidence = a->grade.evidence;
    }
    return row;
}

static struct grading_note note_of(int64_t reply_id, const struct grade_row *row, bool is_new)
{
    struct grading_note note = {.reply_id = reply_id,
                                .is_new = is_new,
                                .is_graded = row->trouble.n == 0,
                                .verdict = row->verdict,
                                .score = row->score};
    struct str text = row->trouble.n > 0 ? row->trouble : row->reason;
    (void)snprintf(note.text, sizeof note.text, "%.*s", STR_ARG(text));
    return note;
}

/* One transaction for all that is ready; nothing is begun when nothing is. */
static bool store_ready(struct grading *g, struct work_time time, struct grading_note *notes,
                        int64_t n_max, int64_t *n, struct err *e)
{
    struct graded graded;
    while (*n < n_max && grade_pool_take(g->pool, &graded)) {
        bool is_new = false;
        struct grade_row row = row_of(g, &graded.answer);
        if (*n == 0)
            TRY(store_begin(g->store, e));
        TRY(store_put_grade(g->store, graded.ticket, &row, &is_new, e));
        notes[(*n)++] = note_of(graded.ticket, &row, is_new);
    }
    if (*n == 0)
        return true;
    TRY(store_put_time(g->store, time, e));
    return store_commit(g->store, e);
}

bool grading_step(struct grading *g, int timeout_ms, struct work_time time,
                  struct grading_note *notes, int64_t n_max, int64_t *n, struct err *e)
{
    *n = 0;
    TRY(send(g, e));
    TRY(grade_pool_step(g->pool, timeout_ms, e));
    return store_ready(g, time, notes, n_max, n, e);
}
