/* Writing a file whole: over a file, into a pipe, and what stands there afterwards. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "tests/support/support.h"

static const char *path_of(const char *name)
{
    static char path[LIMIT_PATH_BYTES];
    cr_assert(file_join(support_temp(), name, path, sizeof path));
    (void)unlink(path);
    return path;
}

/* Whoever names a device as output, /dev/null above all, must find it there the next time. */
Test(file, what_is_no_file_is_written_into_and_stays)
{
    struct err e = {0};
    struct stat st;
    char got[8] = {0};
    const char *path = path_of("pipe");
    cr_assert_eq(mkfifo(path, 0600), 0);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    ASSERT_OK(file_write(path, STR("seven"), &e), e);
    cr_expect_eq(read(fd, got, sizeof got), 5);
    cr_expect_str_eq(got, "seven");
    cr_assert_eq(stat(path, &st), 0);
    cr_expect(S_ISFIFO(st.st_mode), "the pipe is gone");
    (void)close(fd);
}

Test(file, a_file_is_replaced_whole)
{
    CLEANUP(arena_fini) struct arena keep = {0};
    struct err e = {0};
    const char *path = path_of("text");
    arena_init(&keep, "test", LIMIT_MIB);
    ASSERT_OK(file_write(path, STR("a longer text"), &e), e);
    ASSERT_OK(file_write(path, STR("short"), &e), e);
    cr_expect(str_eq(support_read(path, &keep), STR("short")));
}
