#include "harness/workers.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"

bool workers_beside_us(const char *name, char out[LIMIT_PATH_BYTES], struct err *e)
{
    char self[LIMIT_PATH_BYTES];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n <= 0)
        return FAIL(e, ERR_IO, "/proc/self/exe: %m");
    self[n] = 0;
    *strrchr(self, '/') = 0;
    if (!file_join(self, name, out, LIMIT_PATH_BYTES))
        return FAIL(e, ERR_IO, "%s: path too long", self);
    return true;
}

/* Absolute: a worker may change its folder. */
static bool make_work_dir(const char *run_path, char out[LIMIT_PATH_BYTES], struct err *e)
{
    char path[LIMIT_PATH_BYTES];
    int n = snprintf(path, sizeof path, "%s.podium-work", run_path);
    if (n < 0 || n >= (int)sizeof path)
        return FAIL(e, ERR_USAGE, "%s: path too long", run_path);
    TRY(file_remove_tree(path, e));
    TRY(file_make_dirs(path, e));
    char *whole = realpath(path, NULL);
    if (whole == NULL || strlen(whole) >= LIMIT_PATH_BYTES) {
        free(whole);
        return FAIL(e, ERR_IO, "%s: %m", path);
    }
    (void)snprintf(out, LIMIT_PATH_BYTES, "%s", whole);
    free(whole);
    return true;
}

static int64_t default_workers(void)
{
    int64_t n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 4 ? 4 : n;
}

/* The workers of one run share what they compile even when nothing is to be kept. */
static bool choose_cache(struct workers *w, const struct workers_options *o, struct err *e)
{
    if (o->cache == NULL && file_join(w->work, "cache", w->cache, sizeof w->cache))
        return file_make_dirs(w->cache, e);
    TRY(file_make_dirs(o->cache, e));
    char *whole = realpath(o->cache, NULL);
    bool ok = whole != NULL && strlen(whole) < sizeof w->cache;
    if (ok)
        (void)snprintf(w->cache, sizeof w->cache, "%s", whole);
    free(whole);
    return ok || FAIL(e, ERR_IO, "%s: %m", o->cache);
}

static void add_measures(struct workers *w, const struct workers_options *o, int n)
{
    enum { LOOPS = 7 };
    struct json_out json = {0};
    if (o->time_scale > 0) {
        (void)snprintf(w->time_scale, sizeof w->time_scale, "%.17g", o->time_scale);
        w->argv[n++] = "--time-scale";
        w->argv[n++] = w->time_scale;
    }
    if (!o->measures)
        return;
    machine_measure(LOOPS, &w->machine);
    machine_put_json(&json, &w->machine, w->n_workers);
    buf_put(&w->machine_json, buf_str(&json.text));
    json_out_free(&json);
    w->argv[n++] = "--machine";
    w->argv[n++] = w->machine_json.at;
    assert(n < (int)(sizeof w->argv / sizeof *w->argv));
}

void workers_unfit(struct workers *w, struct buf *why)
{
    if (w->machine_json.n == 0)
        return;
    machine_look(&w->machine.after);
    machine_unfit(&w->machine, w->n_workers, why);
}

void workers_warn(struct workers *w)
{
    struct buf why = {0};
    workers_unfit(w, &why);
    if (why.n > 0)
        (void)fprintf(stderr, "podium: this machine was not fit to judge by time: %.*s\n",
                      STR_ARG(buf_str(&why)));
    buf_free(&why);
}

bool workers_open(struct workers *w, const char *run_path, const struct workers_options *o,
                  struct err *e)
{
    int n = 0;
    *w = (struct workers){0};
    TRY(workers_beside_us("podium-grader", w->grader, e));
    TRY(workers_beside_us("podium-box", w->box, e));
    if (access(w->grader, X_OK) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "%s: %m (it belongs beside podium)", w->grader);
    TRY(make_work_dir(run_path, w->work, e));
    if (!file_join(w->work, "quiet", w->quiet, sizeof w->quiet))
        return FAIL(e, ERR_USAGE, "%s: path too long", w->work);
    TRY(choose_cache(w, o, e));
    w->argv[n++] = w->grader;
    w->argv[n++] = "--work";
    w->argv[n++] = w->work;
    if (access(w->box, X_OK) == 0) { /* without it programs are "could not grade" */
        w->argv[n++] = "--box";
        w->argv[n++] = w->box;
    }
    w->argv[n++] = "--cache";
    w->argv[n++] = w->cache;
    w->argv[n++] = "--quiet";
    w->argv[n++] = w->quiet;
    if (o->no_namespaces)
        w->argv[n++] = "--no-namespaces";
    w->n_workers = o->n_workers > 0 ? o->n_workers : default_workers();
    add_measures(w, o, n);
    struct grade_pool_config c = {.argv = w->argv,
                                  .n_workers = w->n_workers,
                                  .deadline_ms =
                                      o->deadline_ms > 0 ? o->deadline_ms : WORKERS_DEADLINE_MS,
                                  .is_pinned = o->is_pinned};
    return grade_pool_open(&w->pool, &c, e);
}

void workers_close(struct workers *w)
{
    struct err ignored = {0};
    grade_pool_close(w->pool);
    if (w->work[0] != 0)
        (void)!file_remove_tree(w->work, &ignored);
    buf_free(&w->machine_json);
    *w = (struct workers){0};
}
