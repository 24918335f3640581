/* Questions of graders that wait for a model: a fixed number of places, each with the conversation
 * and the grading jobs that depend on its answer.
 *
 * Two answers that raise the same question share one place. Which job depends on what is a list
 * through the jobs themselves (`next` in grading.h); here it is only its head. */
#pragma once
#include "base/limits.h"
#include "encoding/message.h"

enum { QUESTION_MESSAGES = 8 };

enum question_state { QUESTION_FREE, QUESTION_WAITING, QUESTION_ASKED };

struct question {
    enum question_state state;
    char hash[65];     /* SHA-256 of the conversation: its name in the store */
    struct chat chat;  /* points into here */
    int64_t first_job; /* -1: none */
    struct message messages[QUESTION_MESSAGES];
    struct buf text;
};

struct questions {
    struct question at[LIMIT_ASKED];
    int64_t n; /* not free */
};

void questions_fini(struct questions *q); /* zeroed is fine */
bool questions_has_room(const struct questions *q);

/* The name of a conversation: what is said by whom, and whether it is thought about. */
void question_hash(const struct chat *c, char out[65]);

/* The place of that question, a new one with a copy of it where there was none; there must be
 * room, and at most QUESTION_MESSAGES messages without tool calls. */
struct question *questions_put(struct questions *q, const char hash[65], const struct chat *c);

/* One that waits, or NULL. */
struct question *questions_waiting(struct questions *q);
void questions_drop(struct questions *q, struct question *which);

/* The conversation as JSON, for the record: [{"role": "user", "content": ...}]. */
void question_json(const struct chat *c, struct buf *out);
