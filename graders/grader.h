/* One interface for every way of judging a reply.
 *
 * A grader never calls a model. When it needs one (proofs, open answers) it returns GRADE_ASK
 * with a question; the harness sends it down the same pipe as everything else, so judging is
 * batched, stored and resumed like answering. The reply comes back as judged[n_judged - 1] of
 * another call, which may ask again. A reply that was cut or does not parse comes back empty. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "encoding/message.h"
#include "graders/verdict.h"

/* What a grader may use of the machine. Borrowed for the call. */
struct grader_env {
    const char *box_path;  /* the podium-box executable; NULL: programs cannot be run */
    const char *work_dir;  /* an existing folder for this call alone; emptied by the caller */
    bool no_namespaces;    /* run programs in the weaker box, even where the full one works */
    const char *cache_dir; /* compiled programs are kept there between processes; NULL: nowhere */
    int64_t cpu;           /* 1 + the processor that judged programs stay on; 0: any */
    double time_scale;     /* of every time limit; 0 is 1 */
    const char
        *machine;      /* JSON of what the harness found of this machine, for the evidence; NULL */
    const char *quiet; /* path that running alone is agreed on by (judge/quiet.h); NULL: none */
};

struct grade_in {
    struct str reply;              /* visible text of a whole reply, reasoning removed */
    const struct json *key;        /* the suite item: what is right, by the grader's fields */
    const struct json *definition; /* the suite definition: "fields", "limits" */
    const struct str *judged;      /* answers to earlier questions, in order asked */
    int64_t n_judged;
    bool may_ask; /* the suite wants it ("judge": "model") and somebody is there to answer; false:
                   * GRADE_ASK is an error, decide without */
    const struct grader_env *env;
};

struct grade {
    enum verdict verdict;
    double score;        /* [0, 1]; 1 for RIGHT, 0 for WRONG and NO_ANSWER */
    struct str answer;   /* what was taken from the reply */
    struct str reason;   /* one line a person understands: why this verdict */
    struct str evidence; /* JSON object: tests, limits met, rules that fired, box used */
};

enum grade_next { GRADE_DONE, GRADE_ASK };

struct grader {
    const char *name; /* "math", "code" */
    int version;      /* raised when any verdict could change; stored with it */

    /* Judges once. On GRADE_DONE fills *out; on GRADE_ASK fills *question.
     * False means the grader itself broke (sandbox, disk, no toolchain): the item stays ungraded
     * and the run says so. A wrong program is a verdict, not an err. */
    bool (*judge)(const struct grade_in *in, enum grade_next *next, struct grade *out,
                  struct chat *question, struct arena *keep, struct arena tmp, struct err *e);
};

const struct grader *grader_find(struct str name); /* NULL: no such grader */
const struct grader *grader_at(int64_t i);         /* NULL past the end */
