#include "harness/workers.h"

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

bool workers_open(struct workers *w, const char *run_path, int64_t n_workers, struct err *e)
{
    int n = 0;
    *w = (struct workers){0};
    TRY(workers_beside_us("podium-grader", w->grader, e));
    TRY(workers_beside_us("podium-box", w->box, e));
    if (access(w->grader, X_OK) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "%s: %m (it belongs beside podium)", w->grader);
    TRY(make_work_dir(run_path, w->work, e));
    w->argv[n++] = w->grader;
    w->argv[n++] = "--work";
    w->argv[n++] = w->work;
    if (access(w->box, X_OK) == 0) { /* without it programs are "could not grade" */
        w->argv[n++] = "--box";
        w->argv[n++] = w->box;
    }
    struct grade_pool_config c = {.argv = w->argv,
                                  .n_workers = n_workers > 0 ? n_workers : default_workers(),
                                  .deadline_ms = WORKERS_DEADLINE_MS};
    return grade_pool_open(&w->pool, &c, e);
}

void workers_close(struct workers *w)
{
    struct err ignored = {0};
    grade_pool_close(w->pool);
    if (w->work[0] != 0)
        (void)!file_remove_tree(w->work, &ignored);
    *w = (struct workers){0};
}
