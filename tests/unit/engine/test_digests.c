/* A remembered digest counts for the very file it was made from, and for nothing else. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "engine/digests.h"
#include "engine/weights.h"
#include "tests/support/model_make.h"
#include "tests/support/support.h"

static const char hex_a[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
static const int64_t hour_ns = 3600LL * 1000000000;

static const char *folder(void)
{
    static char path[LIMIT_PATH_BYTES];
    cr_assert(file_join(support_temp(), "cache", path, sizeof path));
    return path;
}

static struct stamp some(void)
{
    return (struct stamp){1, 2, 1000, 3 * hour_ns, 4 * hour_ns};
}

static bool remembers(const struct stamp *s)
{
    char hex[65] = "";
    struct digests d = {.dir = folder()};
    bool is_found = digests_find(&d, s, hex);
    cr_assert(!is_found || strcmp(hex, hex_a) == 0, "%s", hex);
    return is_found;
}

static void keep(const struct stamp *s)
{
    struct digests d = {.dir = folder()};
    digests_keep(&d, s, 5 * hour_ns, hex_a);
}

Test(digests, every_part_of_the_stamp_counts)
{
    struct stamp s = some();
    cr_assert(!remembers(&s));
    keep(&s);
    cr_assert(remembers(&s));
    for (int i = 0; i < 5; i++) {
        struct stamp other = some();
        int64_t *part[] = {&other.device, &other.inode, &other.n_bytes, &other.modified_ns,
                           &other.changed_ns};
        *part[i] += 1;
        cr_assert(!remembers(&other), "part %d does not count", i);
        cr_assert(!stamp_eq(&other, &s));
    }
}

Test(digests, what_was_written_just_before_is_not_remembered)
{
    struct stamp s = some();
    struct digests d = {.dir = folder()};
    digests_keep(&d, &s, s.changed_ns + 1999999999, hex_a);
    cr_assert(!remembers(&s));
    digests_keep(&d, &s, s.changed_ns - hour_ns, hex_a); /* from the future */
    cr_assert(!remembers(&s));
    digests_keep(&d, &s, s.changed_ns + 2000000001, hex_a);
    cr_assert(remembers(&s));
}

Test(digests, small_files_and_those_asked_for_anew_are_hashed)
{
    char hex[65];
    struct stamp s = some();
    struct digests small = {.dir = folder(), .n_bytes_min = 1001};
    struct digests anew = {.dir = folder(), .is_anew = true};
    digests_keep(&small, &s, 5 * hour_ns, hex_a);
    cr_assert(!remembers(&s));
    keep(&s);
    cr_assert(!digests_find(&small, &s, hex));
    cr_assert(!digests_find(&anew, &s, hex));
}

Test(digests, a_folder_that_others_may_write_is_not_used)
{
    struct stamp s = some();
    keep(&s);
    cr_assert_eq(chmod(folder(), 0777), 0);
    cr_assert(!remembers(&s));
    cr_assert_eq(chmod(folder(), 0700), 0);
    cr_assert(remembers(&s));
}

/* The one entry of the folder, whatever its name. */
static void spoil(struct str bytes)
{
    char path[LIMIT_PATH_BYTES] = "";
    struct err e = {0};
    DIR *d = opendir(folder());
    cr_assert(d != NULL);
    for (struct dirent *f = readdir(d); f != NULL; f = readdir(d))
        if (str_starts(str_of(f->d_name), STR("sha256-")))
            cr_assert(file_join(folder(), f->d_name, path, sizeof path));
    (void)closedir(d);
    cr_assert_neq(path[0], 0);
    ASSERT_OK(file_write(path, bytes, &e), e);
}

Test(digests, a_damaged_entry_is_not_believed)
{
    struct stamp s = some();
    char text[512];
    static const char head[] = "podium digest 1\ndevice 1 inode 2 bytes 1000 modified "
                               "10800000000000 changed 14400000000000\n";
    keep(&s);
    (void)snprintf(text, sizeof text, "%s%s\n", head, hex_a);
    spoil(str_of(text));
    cr_assert(remembers(&s), "this is what an entry looks like");
    spoil(STR(""));
    cr_assert(!remembers(&s));
    (void)snprintf(text, sizeof text, "%s%s", head, hex_a);
    spoil(str_of(text));
    cr_assert(!remembers(&s), "torn");
    (void)snprintf(text, sizeof text, "%s%s\n\n", head, hex_a);
    spoil(str_of(text));
    cr_assert(!remembers(&s), "too long");
    (void)snprintf(text, sizeof text, "%sg%s\n", head, hex_a + 1);
    spoil(str_of(text));
    cr_assert(!remembers(&s), "not hex");
}

/* ---- on a model */

static void identity(const struct digests *d, char id[65])
{
    struct arena tmp;
    struct weights *w = NULL;
    struct model_config c;
    struct err e = {0};
    arena_init(&tmp, "test", LIMIT_ARENA_TMP);
    ASSERT_OK(config_read(support_temp(), &c, tmp, &e), e);
    ASSERT_OK(weights_open(&w, support_temp(), &c, &e), e);
    ASSERT_OK(weights_sha256(w, d, id, &e), e);
    weights_close(w);
    arena_fini(&tmp);
}

static const char *weights_path(void)
{
    static char path[LIMIT_PATH_BYTES];
    cr_assert(file_join(support_temp(), "model.safetensors", path, sizeof path));
    return path;
}

/* The last byte of the file, in place: size and inode stay, only the times can tell. */
static void flip_byte(void)
{
    FILE *f = fopen(weights_path(), "r+b");
    cr_assert(f != NULL);
    cr_assert_eq(fseek(f, -1, SEEK_END), 0);
    int c = fgetc(f);
    cr_assert_eq(fseek(f, -1, SEEK_END), 0);
    cr_assert_neq(fputc(c ^ 1, f), EOF);
    cr_assert_eq(fclose(f), 0);
}

/* Even with the old time of modification put back: the time of change cannot be set. */
Test(digests, a_changed_model_has_another_identity_and_an_unchanged_one_is_not_read, .timeout = 60)
{
    char first[65];
    char again[65];
    char changed[65];
    char plain[65];
    struct stat before;
    struct digests d = {.dir = folder()};
    struct digests none = {0};
    model_make("dense_f32", support_temp());
    (void)sleep(3); /* until its stamp is old enough to be kept */
    identity(&d, first);
    spoil(STR("not an entry"));
    identity(&d, again); /* hashed anew, and kept anew */
    cr_assert_str_eq(again, first);
    cr_assert_eq(stat(weights_path(), &before), 0);
    flip_byte();
    struct timespec times[2] = {before.st_atim, before.st_mtim};
    cr_assert_eq(utimensat(AT_FDCWD, weights_path(), times, 0), 0);
    identity(&d, changed);
    identity(&none, plain);
    cr_assert_str_neq(changed, first);
    cr_assert_str_eq(changed, plain);
}

/* What is remembered is believed: the proof that nothing was read. */
Test(digests, a_remembered_digest_is_used, .timeout = 60)
{
    char real[65];
    char told[65];
    struct stamp s = {0};
    struct err e = {0};
    struct digests d = {.dir = folder()};
    model_make("dense_f32", support_temp());
    identity(&d, real); /* too fresh to be kept */
    ASSERT_OK(stamp_of(weights_path(), &s, &e), e);
    digests_keep(&d, &s, s.changed_ns + hour_ns, hex_a);
    identity(&d, told);
    cr_assert_str_neq(told, real);
    d.is_anew = true;
    identity(&d, told);
    cr_assert_str_eq(told, real);
}

Test(digests, a_file_changed_under_our_hands_is_an_error)
{
    char id[65];
    struct arena tmp;
    struct weights *w = NULL;
    struct model_config c;
    struct err e = {0};
    struct digests none = {0};
    arena_init(&tmp, "test", LIMIT_ARENA_TMP);
    model_make("dense_f32", support_temp());
    ASSERT_OK(config_read(support_temp(), &c, tmp, &e), e);
    ASSERT_OK(weights_open(&w, support_temp(), &c, &e), e);
    (void)usleep(20000); /* a tick of the file system's clock */
    flip_byte();
    cr_assert(!weights_sha256(w, &none, id, &e));
    cr_assert(strstr(e.text, "model.safetensors: was changed while it was in use") != NULL, "%s",
              e.text);
    weights_close(w);
    arena_fini(&tmp);
}
