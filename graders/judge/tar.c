#include "graders/judge/tar.h"

#include <assert.h>

enum { BLOCK = 512, NAME_AT = 0, NAME_N = 100, SIZE_AT = 124, SIZE_N = 12, TYPE_AT = 156 };

/* Text of a field: up to its NUL. */
static struct str field(struct str block, int64_t at, int64_t n)
{
    struct str s = str_sub(block, at, at + n);
    const char *end = memchr(s.at, 0, (size_t)s.n);
    return end == NULL ? s : str_sub(s, 0, end - s.at);
}

/* Octal, closed by a blank or NUL. False for anything else, GNU's binary sizes included: those are
 * of files beyond 8 GiB. */
static bool read_size(struct str block, int64_t *out)
{
    struct str s = str_trim(field(block, SIZE_AT, SIZE_N));
    *out = 0;
    for (int64_t i = 0; i < s.n; i++) {
        if (s.at[i] < '0' || s.at[i] > '7')
            return false;
        *out = *out * 8 + (s.at[i] - '0');
    }
    return s.n > 0;
}

static bool is_empty_block(struct str block)
{
    for (int64_t i = 0; i < block.n; i++)
        if (block.at[i] != 0)
            return false;
    return true;
}

/* Takes one member, head and bytes, off the front of *rest. */
static bool take_member(struct str *rest, struct str *head, struct str *bytes, struct err *e)
{
    int64_t n = 0;
    if (rest->n < BLOCK)
        return FAIL(e, ERR_INPUT, "an archive that is cut off");
    *head = str_sub(*rest, 0, BLOCK);
    if (!read_size(*head, &n))
        return FAIL(e, ERR_INPUT, "an archive whose sizes cannot be read");
    if (n > rest->n - BLOCK)
        return FAIL(e, ERR_INPUT, "an archive that is cut off");
    *bytes = str_sub(*rest, BLOCK, BLOCK + n);
    *rest = str_sub(*rest, BLOCK + (n + BLOCK - 1) / BLOCK * BLOCK, rest->n);
    return true;
}

static void put_file(struct tar_file *f, struct str name, struct str bytes, struct arena *keep)
{
    if (str_starts(name, STR("./")))
        name = str_sub(name, 2, name.n);
    *f = (struct tar_file){arena_str(keep, name), bytes};
}

bool tar_read(struct str archive, struct tar_file **out, int64_t *n, struct arena *keep,
              struct err *e)
{
    struct tar_file *files = NEW(keep, struct tar_file, TAR_FILES_MAX);
    struct str long_name = {0}; /* a member of type L names the one after it */
    struct str head;
    struct str bytes;
    int64_t n_files = 0;
    while (archive.n > 0 && !is_empty_block(str_sub(archive, 0, BLOCK))) {
        TRY(take_member(&archive, &head, &bytes, e));
        char type = head.at[TYPE_AT];
        if (type == 'L') {
            long_name = field(bytes, 0, bytes.n);
            continue;
        }
        if ((type == '0' || type == 0) && n_files == TAR_FILES_MAX)
            return FAIL(e, ERR_LIMIT, "more than %d files", TAR_FILES_MAX);
        if (type == '0' || type == 0)
            put_file(&files[n_files++], long_name.n > 0 ? long_name : field(head, NAME_AT, NAME_N),
                     bytes, keep);
        long_name = (struct str){0};
    }
    assert(n_files <= TAR_FILES_MAX);
    *out = files;
    *n = n_files;
    return true;
}
