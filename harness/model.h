/* Who answers: the engine in this process, or a server across HTTP, or a script in a test.
 *
 * Same three verbs as the engine, one level up: whole conversations in, whole replies out, and
 * why they ended. harness/run.c knows only this header. The driver submits while there is room,
 * steps, and takes what is finished; nothing calls back. */
#pragma once
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "encoding/message.h"

enum reply_end {
    REPLY_WHOLE,     /* the model stopped by itself and its reply parses */
    REPLY_CUT,       /* token budget or context ran out: never graded as an answer */
    REPLY_MALFORMED, /* stopped, but does not parse; raw text is kept */
};

/* Stable words, stored in the results: "whole", "cut", "malformed". */
struct str reply_end_name(enum reply_end end);
bool reply_end_from_name(struct str name, enum reply_end *out);

/* One conversation to be continued. Borrowed until submit returns. */
struct ask {
    uint64_t ticket; /* returned with the reply; unique within a run */
    struct chat chat;
    struct str document; /* not empty: the conversation as JSON text, instead of chat.at */
    float temperature;
    float top_p;
    uint64_t seed;
    int64_t n_out_max; /* tokens */
};

/* Everything borrowed lives until the next take(). */
struct reply {
    uint64_t ticket;
    enum reply_end end;
    struct message message; /* content and reasoning; of a cut reply, as far as it got */
    struct str raw;         /* exactly what the model produced, control strings included */
    struct str trouble;     /* of a malformed reply: what is wrong with it and where */
    int64_t n_prompt_tokens;
    int64_t n_out_tokens;      /* thinking and answer together, the end token included */
    int64_t n_thinking_tokens; /* up to and including the end of thinking */
    double logprob_sum;        /* natural log, over all of n_out_tokens; NaN when unknown */
    const int32_t *tokens;     /* [n_out_tokens], NULL when the model does not say */
    const float *logprobs;     /* [n_out_tokens], NULL when the model does not say */
    struct str experts, masks; /* as struct trace_entry has them; empty unless traced */
};

struct model;

struct model_ops {
    /* Replies to one prompt cost less when they are asked for side by side. */
    bool is_grouping;

    /* A stable text naming weights, tokenizer, precision, kernels and build: part of every
     * resume key. Borrowed for the life of the model. */
    struct str (*identity)(struct model *m);

    /* Appends the text the model would be given, exactly: the other part of the resume key. */
    bool (*prompt)(struct model *m, const struct ask *a, struct buf *out, struct err *e);

    /* ERR_LIMIT when full: step, take, try again. ERR_INPUT when this ask can never be served. */
    bool (*submit)(struct model *m, const struct ask *a, struct err *e);
    bool (*has_room)(struct model *m);

    bool (*step)(struct model *m, struct err *e); /* blocks at most 100 ms, or one forward pass */
    bool (*take)(struct model *m, struct reply *out, struct err *e, bool *is_taken);
    void (*close)(struct model *m);
};

struct model {
    const struct model_ops *ops;
};
