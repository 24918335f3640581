#include "harness/grading.h"

#include <assert.h>
#include <stdio.h>

void grading_init(struct grading *g, int64_t n_max, struct arena *keep)
{
    g->jobs = NEW(keep, struct grading_job, n_max + 1);
    g->questions = NEW(keep, struct questions, 1);
    g->n_max = n_max;
    g->n_jobs = 0;
    g->n_done = 0;
    g->i_first = -1;
    g->i_last = -1;
    arena_init(&g->tmp, "grading", LIMIT_ARENA_ITEM);
}

void grading_fini(struct grading *g)
{
    arena_fini(&g->tmp);
    if (g->questions != NULL)
        questions_fini(g->questions);
}

/* ---- the queue ---- */

static void enqueue(struct grading *g, int64_t i)
{
    g->jobs[i].next = -1;
    if (g->i_first < 0)
        g->i_first = i;
    else
        g->jobs[g->i_last].next = i;
    g->i_last = i;
}

static int64_t dequeue(struct grading *g)
{
    int64_t i = g->i_first;
    assert(i >= 0);
    g->i_first = g->jobs[i].next;
    return i;
}

void grading_put(struct grading *g, int64_t reply_id, int64_t i_item)
{
    assert(g->n_jobs < g->n_max);
    g->jobs[g->n_jobs] = (struct grading_job){.reply_id = reply_id, .i_item = i_item};
    enqueue(g, g->n_jobs++);
}

int64_t grading_n_left(const struct grading *g)
{
    return g->n_jobs - g->n_done;
}

/* ---- to the workers ---- */

static bool may_ask(const struct grading *g, const struct grading_job *job)
{
    return g->has_judge && !job->is_alone && job->n_judged < LIMIT_QUESTIONS;
}

/* What a model said, as the grader gets it. */
static bool get_judged(struct grading *g, const struct grading_job *job, struct str *judged,
                       struct err *e)
{
    for (int64_t i = 0; i < job->n_judged; i++) {
        struct judgement j = {0};
        TRY(store_get_judgement(g->store, job->judged[i], &j, &g->tmp, e));
        judged[i] = j.end == REPLY_WHOLE ? j.content : STR("");
    }
    return true;
}

static bool send(struct grading *g, struct err *e)
{
    while (g->i_first >= 0 && grade_pool_has_room(g->pool)) {
        int64_t i = dequeue(g);
        const struct grading_job *job = &g->jobs[i];
        struct reply_text text = {0};
        struct str judged[LIMIT_QUESTIONS];
        arena_reset(&g->tmp);
        TRY(store_get_text(g->store, job->reply_id, &text, &g->tmp, e));
        TRY(get_judged(g, job, judged, e));
        grade_pool_submit(g->pool, &(struct grade_request){.ticket = i,
                                                           .grader = g->grader,
                                                           .reply = text.content,
                                                           .key = g->items[job->i_item].key_text,
                                                           .definition = g->definition,
                                                           .judged = judged,
                                                           .n_judged = job->n_judged,
                                                           .may_ask = may_ask(g, job)});
    }
    return true;
}

/* ---- questions ---- */

/* The grader asks: the answer is in the store, or a model will be asked, or nobody answers. */
static bool ask(struct grading *g, int64_t i_job, const struct chat *c, struct err *e)
{
    struct grading_job *job = &g->jobs[i_job];
    char hash[65];
    int64_t id = 0;
    question_hash(c, hash);
    TRY(store_find_judgement(g->store, hash, &id, e));
    if (id == 0 && g->has_model) {
        struct question *q = questions_put(g->questions, hash, c);
        job->next = q->first_job;
        q->first_job = i_job;
        return true;
    }
    if (id != 0)
        job->judged[job->n_judged++] = id;
    job->is_alone = id == 0;
    enqueue(g, i_job);
    return true;
}

struct question *grading_question(struct grading *g)
{
    struct question *q = questions_waiting(g->questions);
    if (q != NULL)
        q->state = QUESTION_ASKED;
    return q;
}

int64_t grading_place(const struct grading *g, const struct question *q)
{
    return q - g->questions->at;
}

bool grading_answer(struct grading *g, int64_t place, const struct reply_row *reply,
                    const struct reply_text *text, struct err *e)
{
    CLEANUP(buf_free) struct buf chat = {0};
    assert(place >= 0);
    assert(place < LIMIT_ASKED);
    struct question *q = &g->questions->at[place];
    int64_t id = 0;
    assert(q->state == QUESTION_ASKED);
    question_json(&q->chat, &chat);
    TRY(store_put_judgement(g->store, q->hash, buf_str(&chat), reply, text, &id, e));
    for (int64_t i = q->first_job; i >= 0;) {
        struct grading_job *job = &g->jobs[i];
        int64_t next = job->next;
        job->judged[job->n_judged++] = id;
        enqueue(g, i);
        i = next;
    }
    questions_drop(g->questions, q);
    return true;
}

/* ---- from the workers ---- */

/* Names the model in the evidence, which is a JSON object: {..., "judge": {...}}. */
static bool add_judge(struct grading *g, const struct grading_job *job, struct str *evidence,
                      struct err *e)
{
    CLEANUP(json_out_free) struct json_out w = {0};
    struct str open = str_sub(str_trim(*evidence), 0, str_trim(*evidence).n - 1);
    json_open(&w, '{');
    json_pair_str(&w, "model", g->judge);
    json_put_key(&w, "questions");
    json_open(&w, '[');
    for (int64_t i = 0; i < job->n_judged; i++) {
        struct judgement j = {0};
        TRY(store_get_judgement(g->store, job->judged[i], &j, &g->tmp, e));
        json_open(&w, '{');
        json_pair_str(&w, "question", str_of(j.question));
        json_pair_str(&w, "ended", reply_end_name(j.end));
        json_close(&w, '}');
    }
    json_close(&w, ']');
    json_close(&w, '}');
    *evidence = arena_fmt(&g->tmp, "%.*s%s\"judge\":%.*s}", STR_ARG(open),
                          str_trim(open).n > 1 ? "," : "", STR_ARG(buf_str(&w.text)));
    return true;
}

static bool is_object(struct str evidence)
{
    struct str s = str_trim(evidence);
    return s.n >= 2 && s.at[0] == '{' && s.at[s.n - 1] == '}';
}

static bool row_of(struct grading *g, const struct grading_job *job, const struct grade_answer *a,
                   struct grade_row *row, struct err *e)
{
    *row =
        (struct grade_row){.grader = g->grader, .version = a->version, .n_judged = job->n_judged};
    if (!a->ok) {
        row->trouble = a->err.text[0] != 0 ? str_of(a->err.text) : STR("no reason was given");
    } else if (a->next == GRADE_ASK) {
        row->trouble = STR("the grader asks a model where it may not");
    } else if (!(a->grade.score >= 0 && a->grade.score <= 1)) {
        row->trouble = STR("the grader gave a score outside [0, 1]");
    } else if (job->n_judged > 0 && !is_object(a->grade.evidence)) {
        row->trouble = STR("the grader gave no evidence");
    } else {
        row->verdict = a->grade.verdict;
        row->score = a->grade.score;
        row->answer = a->grade.answer;
        row->reason = a->grade.reason;
        row->evidence = a->grade.evidence;
        return job->n_judged == 0 || add_judge(g, job, &row->evidence, e);
    }
    return true;
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

static bool is_question(const struct grading *g, const struct grading_job *job,
                        const struct grade_answer *a)
{
    return a->ok && a->next == GRADE_ASK && may_ask(g, job) && a->question.n > 0 &&
           a->question.n <= QUESTION_MESSAGES;
}

/* One transaction for all that is ready; nothing is begun when nothing is. While every place for a
 * question is taken, verdicts wait too: which of the two a worker has is not known before. */
static bool store_ready(struct grading *g, struct work_time time, struct grading_note *notes,
                        int64_t n_max, int64_t *n, struct err *e)
{
    struct graded graded;
    while (*n < n_max && questions_has_room(g->questions) && grade_pool_take(g->pool, &graded)) {
        bool is_new = false;
        struct grade_row row;
        const struct grading_job *job = &g->jobs[graded.ticket];
        if (is_question(g, job, &graded.answer)) {
            TRY(ask(g, graded.ticket, &graded.answer.question, e));
            continue;
        }
        arena_reset(&g->tmp);
        TRY(row_of(g, job, &graded.answer, &row, e));
        if (*n == 0)
            TRY(store_begin(g->store, e));
        TRY(store_put_grade(g->store, job->reply_id, &row, &is_new, e));
        g->n_done++;
        notes[(*n)++] = note_of(job->reply_id, &row, is_new);
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
