/* Inside of struct store, and the statements that live as long as it does. Store files only. */
#pragma once
#include "base/limits.h"
#include "harness/store/sql.h"
#include "harness/store/store.h"

struct store {
    struct sql sql;
    int lock_fd;     /* -1: a reader */
    int64_t session; /* 0: none was begun */
    int64_t version; /* of the file's schema; a reader may meet an older one */
    bool is_new;     /* the file was not there before */
    bool has_run;    /* the tables and the run are in it */
    sqlite3_stmt *put_reply;
    sqlite3_stmt *put_grade;
    sqlite3_stmt *get_grade;
    sqlite3_stmt *put_judgement;
    sqlite3_stmt *find_judgement;
    sqlite3_stmt *get_judgement;
    sqlite3_stmt *put_time;
    char path[LIMIT_PATH_BYTES];
};

MUST_CHECK bool store_rows_prepare(struct store *s, struct err *e);
void store_rows_finish(struct store *s);
MUST_CHECK bool store_judgements_prepare(struct store *s, struct err *e);
void store_judgements_finish(struct store *s);
