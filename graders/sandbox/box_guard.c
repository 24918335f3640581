/* The guard: a process that waits for the keeper's death and then removes what the keeper cannot
 * any more, control groups and, without namespaces, the folders that were /box.
 *
 * It knows of the keeper's death by the end of a pipe. Through the same pipe it is told each folder
 * before that is made, so there is no moment at which a folder is known to nobody. The inits kill
 * their programs and remove their folders themselves, and may be at it while the guard is; both
 * only ever remove. After a peaceful end there is nothing left to do. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "graders/sandbox/box.h"

enum { REMOVE_ROUNDS = 500, ROUND_MS = 10 };

/* What the keeper says: atomic, being shorter than PIPE_BUF. */
struct word {
    int64_t i_slot;
    char path[256];
};

static bool is_there(const char *path)
{
    struct stat st;
    return path[0] != 0 && lstat(path, &st) == 0;
}

/* A program may still be writing in it, for the moments until its init has killed it. */
static void remove_folder(const char *path)
{
    for (int i = 0; i < REMOVE_ROUNDS && is_there(path); i++) {
        struct err lost = {0};
        if (!box_dir_remove(path, &lost))
            (void)poll(NULL, 0, ROUND_MS);
    }
}

static _Noreturn void guard(const struct box_machine *m, int fd, pid_t keeper)
{
    static struct word of[BOX_SLOTS_MAX];
    struct word w;
    ssize_t n = 0;
    (void)prctl(PR_SET_NAME, "podium-guard");
    if (dup2(fd, BOX_FD) < 0 || close_range(BOX_FD + 1, ~0U, 0) != 0)
        _exit(1);
    do {
        n = read(BOX_FD, &w, sizeof w);
        if (n == (ssize_t)sizeof w && w.i_slot >= 0 && w.i_slot < BOX_SLOTS_MAX)
            of[w.i_slot] = w;
    } while (n > 0 || (n < 0 && errno == EINTR));
    for (int64_t i = 0; i < BOX_SLOTS_MAX; i++)
        remove_folder(of[i].path);
    if (m->has_cgroups)
        box_cgroups_sweep(m, keeper);
    _exit(0);
}

bool box_guard_start(struct box_machine *m, struct err *e)
{
    int ends[2];
    pid_t keeper = getpid();
    if (pipe2(ends, O_CLOEXEC) != 0)
        return FAIL(e, ERR_IO, "pipe: %m");
    m->guard = box_clone(0);
    if (m->guard == 0)
        guard(m, ends[0], keeper);
    (void)close(ends[0]);
    m->leash = ends[1];
    return m->guard > 0 || FAIL(e, ERR_IO, "cannot fork: %m");
}

bool box_guard_tell(const struct box_machine *m, int64_t i_slot, const char *path, struct err *e)
{
    struct word w = {.i_slot = i_slot};
    if (strlen(path) >= sizeof w.path)
        return FAIL(e, ERR_LIMIT, "%.80s...: too long for a folder's name", path);
    (void)snprintf(w.path, sizeof w.path, "%s", path);
    return wire_send(m->leash, "guard", (struct str){(const char *)&w, sizeof w}, e);
}
