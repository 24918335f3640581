#include "tests/support/shell.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "tests/support/support.h"

enum { COMMAND_BYTES = 8192 };

static const char *stream_path(const char *name)
{
    static char path[3][LIMIT_PATH_BYTES];
    static int i;
    i = (i + 1) % 3;
    cr_assert(file_join(support_temp(), name, path[i], LIMIT_PATH_BYTES));
    return path[i];
}

static void slurp(const char *path, struct buf *out)
{
    struct err e = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    cr_assert_geq(fd, 0, "%s", path);
    ASSERT_OK(file_read_fd(fd, path, LIMIT_FILE_BYTES, out, &e), e);
    (void)close(fd);
}

struct shell shell_podium(const char *args, struct str input)
{
    char command[COMMAND_BYTES];
    struct shell s = {0};
    struct err e = {0};
    const char *in = stream_path("stdin");
    const char *out = stream_path("stdout");
    const char *err = stream_path("stderr");
    ASSERT_OK(file_write(in, input, &e), e);
    int n = snprintf(command, sizeof command, "%s/podium < %s > %s 2> %s %s", support_build(), in,
                     out, err, args);
    cr_assert(n > 0 && n < (int)sizeof command);
    int status = system(command); /* the words are the test's own */
    s.rc = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    slurp(out, &s.out);
    slurp(err, &s.err);
    return s;
}

void shell_free(struct shell *s)
{
    buf_free(&s->out);
    buf_free(&s->err);
}

pid_t shell_start(const char *args)
{
    char command[COMMAND_BYTES];
    int n = snprintf(command, sizeof command, "exec %s/podium %s < /dev/null > /dev/null 2>&1",
                     support_build(), args);
    cr_assert(n > 0 && n < (int)sizeof command);
    pid_t pid = fork();
    cr_assert_geq(pid, 0);
    if (pid == 0) {
        (void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    return pid;
}
