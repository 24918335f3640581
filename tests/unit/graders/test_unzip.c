#include "graders/task/unzip.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "graders/task/task.h"
#include "tests/support/support.h"

/* Archives are laid out by hand, since the ones that matter no packer would write. */

static struct buf body;
static struct buf directory;
static int n_entries;
static struct arena keep;
static struct err e;
static char folder[4096];
static char archive[4096];

static void number(struct buf *b, uint64_t v, int n_bytes)
{
    for (int i = 0; i < n_bytes; i++)
        buf_byte(b, (char)(v >> (8 * i)));
}

static uint32_t crc(struct str s)
{
    uint32_t c = ~0U;
    for (int64_t i = 0; i < s.n; i++) {
        c ^= (unsigned char)s.at[i];
        for (int k = 0; k < 8; k++)
            c = (c >> 1) ^ (0xEDB88320U & (0U - (c & 1)));
    }
    return ~c;
}

struct made {
    uint32_t mode;
    uint64_t claims; /* unpacked size, when not the true one */
    int method;
    int flags;
};

static void put(struct str name, struct str content, struct made m)
{
    uint64_t size = m.claims > 0 ? m.claims : (uint64_t)content.n;
    int64_t at = body.n;
    for (int is_central = 0; is_central < 2; is_central++) {
        struct buf *b = is_central ? &directory : &body;
        number(b, is_central ? 0x02014B50 : 0x04034B50, 4);
        if (is_central)
            number(b, (3 << 8) | 20, 2); /* made on Unix */
        number(b, 20, 2);
        number(b, (uint64_t)m.flags, 2);
        number(b, (uint64_t)m.method, 2);
        number(b, 0, 4);
        number(b, crc(content), 4);
        number(b, (uint64_t)content.n, 4);
        number(b, size, 4);
        number(b, (uint64_t)name.n, 2);
        number(b, 0, 2);
        if (is_central) {
            number(b, 0, 6);
            number(b, (uint64_t)m.mode << 16, 4);
            number(b, (uint64_t)at, 4);
        }
        buf_put(b, name);
    }
    buf_put(&body, content);
    n_entries++;
}

static void file(const char *name, const char *content)
{
    put(str_of(name), str_of(content), (struct made){.mode = S_IFREG | 0644});
}

static bool unpacks(void)
{
    struct buf b = {0};
    if (keep.first == NULL)
        arena_init(&keep, "test", LIMIT_GIB);
    cr_assert(file_join(support_temp(), "out", folder, sizeof folder));
    cr_assert(file_join(support_temp(), "a.zip", archive, sizeof archive));
    ASSERT_OK(file_remove_tree(folder, &e), e);
    buf_put(&b, buf_str(&body));
    buf_put(&b, buf_str(&directory));
    number(&b, 0x06054B50, 4);
    number(&b, 0, 4);
    number(&b, (uint64_t)n_entries, 2);
    number(&b, (uint64_t)n_entries, 2);
    number(&b, (uint64_t)directory.n, 4);
    number(&b, (uint64_t)body.n, 4);
    number(&b, 0, 2);
    ASSERT_OK(file_write(archive, buf_str(&b), &e), e);
    buf_free(&b);
    buf_clear(&body);
    buf_clear(&directory);
    n_entries = 0;
    e = (struct err){0};
    return task_unzip(archive, folder, keep, &e);
}

static void refused(const char *part)
{
    cr_assert(!unpacks(), "was unpacked, but should not: %s", part);
    cr_assert(strstr(e.text, part) != NULL, "\"%s\" does not say \"%s\"", e.text, part);
    cr_assert(!file_exists(folder), "something is left behind");
}

static struct str content(const char *name)
{
    char path[4200];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return support_read(path, &keep);
}

Test(unzip, files_folders_and_links_inside_are_made)
{
    put(STR("sum/"), STR(""), (struct made){.mode = S_IFDIR | 0755});
    put(STR("sum/data/b.in"), STR("a.in"), (struct made){.mode = S_IFLNK | 0777});
    put(STR("sum/data/c"), STR("../x"), (struct made){.mode = S_IFLNK | 0777});
    file("sum/data/a.in", "1\n");
    file("sum/x", "x");
    file("sum/empty", "");
    ASSERT_OK(unpacks(), e);
    cr_assert(str_eq(content("sum/data/a.in"), STR("1\n")));
    cr_assert(str_eq(content("sum/data/b.in"), STR("1\n")));
    cr_assert(str_eq(content("sum/data/c"), STR("x")));
    cr_assert_eq(content("sum/empty").n, 0);
}

Test(unzip, names_that_leave_the_folder_are_refused)
{
    static const char *const bad[] = {"../x", "a/../../x", "/etc/x",   "a//b", "./a",
                                      "..",   "a/..",      "a\\..\\x", "a\nb", "a/./b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        file("fine", "1");
        file(bad[i], "x");
        refused("a.zip: ");
    }
    file("\xff", "x");
    refused("\\xff: its name is not UTF-8");
}

Test(unzip, links_that_leave_are_refused)
{
    static const char *const bad[] = {"/etc/passwd", "..", "a/..", "b/../..", "", "../..", "a//b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        file("fine", "1");
        put(STR("link"), str_of(bad[i]), (struct made){.mode = S_IFLNK | 0777});
        refused("a link that leaves");
    }
    /* Behind another link ".." would be somewhere else than it looks. */
    put(STR("d/link"), STR("x/.."), (struct made){.mode = S_IFLNK | 0777});
    refused("a link that leaves");
    /* Writing through a link: it is not there yet when the file is written. */
    put(STR("d"), STR("e"), (struct made){.mode = S_IFLNK | 0777});
    file("d/x", "1");
    refused("out/d");
}

Test(unzip, other_kinds_and_twins_are_refused)
{
    put(STR("dev"), STR(""), (struct made){.mode = S_IFCHR | 0666});
    refused("a device, pipe or socket");
    put(STR("pipe"), STR(""), (struct made){.mode = S_IFIFO | 0666});
    refused("a device, pipe or socket");
    file("a", "1");
    file("a", "2");
    refused("is in the archive twice");
    file("a", "1");
    put(STR("a/"), STR(""), (struct made){.mode = S_IFDIR | 0755});
    refused("is in the archive twice");
    file("a", "1");
    file("a/b", "2");
    refused("out/a");
    put(STR("secret"), STR("0123456789abcdef"), (struct made){.mode = S_IFREG, .flags = 1});
    refused("encrypted");
}

Test(unzip, bombs_are_refused_before_they_are_written)
{
    for (int i = 0; i < 5; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "f%d", i);
        put(str_of(name), STR("xx"), (struct made){.claims = 0xFFFFFFF0, .method = 8});
    }
    refused("holds more than");
    cr_assert_eq(e.cls, ERR_LIMIT);
    put(STR("f"), STR("xx"), (struct made){.claims = 0x20000000, .method = 8});
    refused("packed into");
    cr_assert_eq(e.cls, ERR_LIMIT);
}

Test(unzip, damaged_archives_leave_nothing)
{
    file("fine", "1");
    put(STR("bad"), STR("\xff\xff\xff"), (struct made){.claims = 9, .method = 8});
    refused("bad: damaged");
    n_entries = 3;
    file("fine", "1");
    refused("not an archive that can be read");
    cr_assert(!task_unzip("/nowhere.zip", folder, keep, &e));
}

Test(unzip, a_folder_that_is_there_is_left_alone)
{
    file("fine", "1");
    ASSERT_OK(unpacks(), e);
    cr_assert(!task_unzip(archive, folder, keep, &e));
    cr_assert(str_eq(content("fine"), STR("1")));
}

Test(unzip, an_archive_itself_is_no_task)
{
    struct task t;
    file("problem.yaml", "name: a\n");
    ASSERT_OK(unpacks(), e);
    cr_assert(!task_read(archive, &t, &keep, keep, &e));
    cr_assert(strstr(e.text, "unpack archives first") != NULL);
}
