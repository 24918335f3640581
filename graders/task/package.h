/* The folder of a package, read without trust.
 *
 * Names in here are relative to the package. Every one of them, whether written in a reader, listed
 * from a folder or taken from a foreign file, goes through package_look, which follows links as
 * long as they stay inside and refuses all else: "..", absolute names, links that leave, circles,
 * pipes, sockets and devices, what may not be read. Test data are only looked at; package_text
 * reads small texts, and a cap on their sum bounds the memory of a task.
 *
 * Failures name the file relative to the package; task_read puts the folder in front. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "graders/task/task.h"

struct package {
    const char *real;  /* resolved: no links in it */
    int64_t n_entries; /* looked at so far */
    int64_t n_bytes;   /* of text kept so far */
    struct arena *keep;
    struct str *notes; /* for struct task */
    int64_t n_notes;
};

enum entry_kind { ENTRY_ABSENT, ENTRY_FILE, ENTRY_FOLDER };

struct entry {
    enum entry_kind kind;
    struct str name;  /* last component, as the system has it: any bytes */
    struct str rel;   /* relative to the package */
    const char *path; /* absolute, no links in it */
    int64_t n_bytes;  /* of a file */
};

MUST_CHECK bool package_open(const char *folder, struct package *out, struct arena *keep,
                             struct err *e);

/* What there is under that name; ENTRY_ABSENT is no failure. */
MUST_CHECK bool package_look(struct package *p, struct str rel, struct entry *out, struct err *e);

/* The same, but absence is ERR_INPUT: "REL: missing; ADVICE". */
MUST_CHECK bool package_need(struct package *p, struct str rel, enum entry_kind kind,
                             const char *advice, struct entry *out, struct err *e);

/* A folder's entries in byte order, without those that begin with a dot. */
MUST_CHECK bool package_list(struct package *p, struct str rel, struct entry **out, int64_t *n,
                             struct err *e);

/* A small text, kept. */
MUST_CHECK bool package_text(struct package *p, const struct entry *file, int64_t n_max,
                             struct str *out, struct err *e);

/* All files below a folder, or the one file, as sources named relative to it. */
MUST_CHECK bool package_sources(struct package *p, const struct entry *at, struct source **out,
                                int64_t *n, struct err *e);

/* "a/b" */
struct str package_join(struct package *p, struct str folder, struct str name);

/* A name for people and rows: printable UTF-8, one line; every other byte as \xNN and a backslash
 * doubled, so that different names stay different. The name itself when nothing needs that. */
struct str package_shown(struct package *p, struct str name);

/* Remembers something for task.notes. Past PACKAGE_NOTES notes are dropped. */
enum { PACKAGE_NOTES = 64 };
void package_note(struct package *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* True when the name may stand in the box as a file of a program; else *why says what is wrong. */
bool package_name_is_plain(struct str name, const char **why);

/* Room for one element more in an array of n: capacities double, and the old half stays in the
 * arena. GROW(arena, array, n) then array[n++] = ... */
void *package_grow(struct arena *a, const void *old, int64_t n, int64_t size);
#define GROW(a, array, n) ((array) = package_grow((a), (array), (n), (int64_t)sizeof *(array)))
