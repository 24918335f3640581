/* One run, one file: what was asked, what came back, and what the graders said.
 *
 * Rows are written in the order of trust: the run with its items first (all or nothing), a reply
 * as soon as it is whole, its grade afterwards. Killing the process at any moment leaves a file
 * that the same command continues. Grades are appended, never overwritten: judging again adds a
 * row where something changed, and the last one counts.
 *
 * A file has one writer, held by a lock that dies with its process; readers are free.
 * SQLite in WAL mode, so `sqlite3 RUN.db` shows everything while a run is going on. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "datasets/suite.h"
#include "graders/verdict.h"
#include "harness/model.h"

struct store;

/* What makes a run this run. Two runs are the same when every field above the line is equal. */
struct run_row {
    struct str suite;
    struct str suite_version;
    struct str suite_identity;
    struct str suite_sha256;
    struct str model; /* identity: weights, tokenizer, precision, kernels, build */
    struct str strategy;
    bool thinking;
    int64_t n_items;   /* after --limit */
    int64_t n_samples; /* per item */
    uint64_t seed;
    double temperature;
    double top_p;
    int64_t n_out_max;
    /* -------- told, not compared */
    struct str suite_source;
    struct str definition; /* the suite's, JSON */
    struct str grader;
    struct str model_dir;
    struct str podium; /* version that created the file */
    int64_t created_ms;
    int64_t n_void; /* items of the suite that its errata take out */
};

struct reply_row {
    int64_t id; /* given by the store */
    int64_t i_item;
    int64_t sample;
    int64_t turn;
    char key[65]; /* SHA-256 of everything the reply depends on, hex */
    uint64_t seed;
    enum reply_end end;
    int64_t n_prompt_tokens;
    int64_t n_out_tokens;
    int64_t n_thinking_tokens;
    double logprob_sum; /* NaN: unknown */
    int64_t latency_ms; /* from submit to take */
};

struct reply_text {
    struct str raw;
    struct str content;
    struct str reasoning;
    struct str trouble;
};

/* Either a verdict, or why there is none (trouble is not empty): never both. */
struct grade_row {
    struct str grader;
    int64_t version;
    struct str trouble; /* the err's text: the item is ungraded */
    enum verdict verdict;
    double score;
    struct str answer;
    struct str reason;
    struct str evidence; /* JSON object */
    int64_t n_judged;    /* replies of a model that went into it */
};

/* What a model said to a question of a grader. Asked once a run: the same question, whoever gave
 * the answer that raised it, has the same judgement. */
struct judgement {
    char question[65]; /* SHA-256 of the conversation, hex */
    enum reply_end end;
    struct str content;
};

/* All of a run together. */
struct judgement_sum {
    int64_t n;
    int64_t n_prompt_tokens;
    int64_t n_out_tokens;
};

/* A reply without its texts, with the grade that counts. Grade texts but trouble are left out. */
struct stored {
    struct reply_row reply;
    bool has_grade;
    struct grade_row grade;
};

/* Locks the file, creating it where there is none, and checks that it is a run or empty. Damaged,
 * newer than this podium or no run at all: ERR_INPUT; in use by another process: ERR_IO. */
MUST_CHECK bool store_open_write(struct store **out, const char *path, struct err *e);

/* Makes the file this run, with its first run->n_items items, or checks that it is: another run's
 * file is ERR_USAGE naming each difference. Must come before any row. `argv` is kept as a note. A
 * new file that never got its run is removed by store_close. */
MUST_CHECK bool store_set_run(struct store *s, const struct run_row *run, const struct item *items,
                              struct str argv, struct err *e);

/* An existing run, to be graded again (takes the lock) or only read. */
MUST_CHECK bool store_open_grade(struct store **out, const char *path, struct err *e);
MUST_CHECK bool store_open_read(struct store **out, const char *path, struct err *e);
void store_close(struct store *s); /* NULL is fine; what was not committed is dropped */
void store_drop(struct store **s); /* the same, for CLEANUP */

/* A group of writes that becomes visible, and safe from kill -9, as one. */
MUST_CHECK bool store_begin(struct store *s, struct err *e);
MUST_CHECK bool store_commit(struct store *s, struct err *e);

/* Sets row->id. The (item, sample, turn) must be new. */
MUST_CHECK bool store_put_reply(struct store *s, struct reply_row *row,
                                const struct reply_text *text, struct err *e);

/* Appends, unless the last grade of this reply says the same already (*is_new false). */
MUST_CHECK bool store_put_grade(struct store *s, int64_t reply_id, const struct grade_row *grade,
                                bool *is_new, struct err *e);

/* A question's reply; sets *id. reply->key and what it cost count, its place does not: i_item,
 * sample and turn are not kept. */
MUST_CHECK bool store_put_judgement(struct store *s, const char question[65], struct str chat,
                                    const struct reply_row *reply, const struct reply_text *text,
                                    int64_t *id, struct err *e);

/* The judgement of a question; *id 0 when there is none. Not for readers. */
MUST_CHECK bool store_find_judgement(struct store *s, const char question[65], int64_t *id,
                                     struct err *e);
MUST_CHECK bool store_get_judgement(struct store *s, int64_t id, struct judgement *out,
                                    struct arena *keep, struct err *e);
MUST_CHECK bool store_sum_judgements(struct store *s, struct judgement_sum *out, struct err *e);

/* Time a session has been at work so far. Without a session (a run judged again) nothing is kept.
 */
struct work_time {
    int64_t wall_ms;
    int64_t model_ms; /* of these, with replies being generated; the rest was grading alone */
};
MUST_CHECK bool store_put_time(struct store *s, struct work_time t, struct err *e);

MUST_CHECK bool store_get_run(struct store *s, struct run_row *out, struct arena *keep,
                              struct err *e);
/* In suite order; prompts and keys included. item.key is parsed by the caller from key_text. */
MUST_CHECK bool store_get_items(struct store *s, struct item **out, int64_t *n, struct arena *keep,
                                struct err *e);
/* Ordered by item, sample, turn. */
MUST_CHECK bool store_get_all(struct store *s, struct stored **out, int64_t *n, struct arena *keep,
                              struct err *e);
MUST_CHECK bool store_get_text(struct store *s, int64_t reply_id, struct reply_text *out,
                               struct arena *keep, struct err *e);
/* The grade that counts, with its texts; false in *is_there when the reply has none. */
MUST_CHECK bool store_get_grade(struct store *s, int64_t reply_id, struct grade_row *out,
                                bool *is_there, struct arena *keep, struct err *e);
/* All sessions together. */
MUST_CHECK bool store_get_time(struct store *s, struct work_time *out, struct err *e);
