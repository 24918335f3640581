#include "graders/judge/quiet.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/limits.h"

static bool open_locked(const char *path, const char *ending, int how, int *out, struct err *e)
{
    char name[LIMIT_PATH_BYTES];
    int n = snprintf(name, sizeof name, "%s%s", path, ending);
    if (n < 0 || n >= (int)sizeof name)
        return FAIL(e, ERR_USAGE, "%s: path too long", path);
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return FAIL(e, ERR_IO, "%s: %m", name);
    while (flock(fd, how) != 0)
        if (errno != EINTR) {
            (void)close(fd);
            return FAIL(e, ERR_IO, "cannot lock %s: %m", name);
        }
    *out = fd;
    return true;
}

bool quiet_enter(const char *path, bool alone, struct quiet *out, struct err *e)
{
    int gate = -1;
    *out = (struct quiet){.fd = -1};
    if (path == NULL)
        return true;
    TRY(open_locked(path, ".gate", LOCK_EX, &gate, e));
    bool ok = open_locked(path, ".runs", alone ? LOCK_EX : LOCK_SH, &out->fd, e);
    (void)close(gate);
    return ok;
}

void quiet_leave(struct quiet *q)
{
    if (q->fd >= 0)
        (void)close(q->fd);
    q->fd = -1;
}
