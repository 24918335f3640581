#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "tests/support/support.h"

Test(arena, scratch_is_given_back_on_return_and_memory_is_zeroed)
{
    struct arena a;
    arena_init(&a, "test", 1 << 20);
    struct arena tmp = a;
    unsigned char *p = NEW(&tmp, unsigned char, 100);
    memset(p, 0xFF, 100);
    unsigned char *q = NEW(&a, unsigned char, 100);
    cr_assert_eq(p, q, "a copy of the arena hands out the same place");
    for (int i = 0; i < 100; i++)
        cr_assert_eq(q[i], 0);
    arena_fini(&a);
}

Test(arena, an_exhausted_arena_ends_the_process, .signal = SIGABRT)
{
    struct arena a;
    arena_init(&a, "test", 4096);
    (void)NEW(&a, char, 5000);
}

Test(err, context_goes_in_front_and_the_class_stays)
{
    struct err e = {0};
    cr_assert_not(FAIL(&e, ERR_IO, "x: %d", 7));
    cr_assert_not(err_wrap(&e, "suite %s", "s"));
    cr_assert_str_eq(e.text, "suite s: x: 7");
    cr_assert_eq(e.cls, ERR_IO);
}

/* Found by fuzzing: a key of a suite definition held line breaks, and so did the message. */
Test(err, a_message_is_one_line_whatever_names_hold)
{
    struct err e = {0};
    cr_assert_not(FAIL(&e, ERR_INPUT, "no key \"%s\"", "a\n\x1b[31mb\x7f"));
    cr_assert_str_eq(e.text, "no key \"a??[31mb?\"");
    cr_assert_not(err_wrap(&e, "x\ty"));
    cr_assert_str_eq(e.text, "x?y: no key \"a??[31mb?\"");
}

Test(hash, sha256_agrees_with_fips_180)
{
    char hex[65];
    struct hash h = hash_bytes(STR("abc"));
    hash_hex(&h, hex);
    cr_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

Test(hash, borders_between_fields_count)
{
    struct str a[2] = {STR("ab"), STR("c")};
    struct str b[2] = {STR("a"), STR("bc")};
    struct hash x = hash_fields(a, 2);
    struct hash y = hash_fields(b, 2);
    cr_assert(memcmp(x.at, y.at, 32) != 0);
}

/* Known answers of Philox4x32-10: Random123, kat_vectors. */
Test(rng, philox_agrees_with_the_published_known_answers)
{
    cr_assert_eq(rng_u64(0, 0, 0), 0xe169c58d6627e8d5ULL, "%llx",
                 (unsigned long long)rng_u64(0, 0, 0));
    cr_assert_eq(rng_u64(UINT64_MAX, UINT64_MAX, UINT64_MAX), 0x41c83b0e408f276dULL, "%llx",
                 (unsigned long long)rng_u64(UINT64_MAX, UINT64_MAX, UINT64_MAX));
}

Test(rng, unit_numbers_spread_evenly)
{
    int count[10] = {0};
    for (uint64_t i = 0; i < 10000; i++)
        count[(int)(rng_unit(1, 2, i) * 10)]++;
    for (int i = 0; i < 10; i++)
        cr_assert(count[i] > 850 && count[i] < 1150, "bin %d holds %d", i, count[i]);
}

Test(utf8, invalid_forms_are_found_where_they_are)
{
    cr_assert_eq(utf8_first_bad(STR("a\xC3\xA9")), -1);
    cr_assert_eq(utf8_first_bad(STR("a\xC0\x80")), 1, "overlong");
    cr_assert_eq(utf8_first_bad(STR("ab\xED\xA0\x80")), 2, "surrogate");
    cr_assert_eq(utf8_first_bad(STR("\xF4\x90\x80\x80")), 0, "past U+10FFFF");
    cr_assert_eq(utf8_first_bad(STR("abc\xE2\x82")), 3, "cut off");
    cr_assert_eq(utf8_open_tail(STR("abc\xE2\x82")), 2);
    cr_assert_eq(utf8_open_tail(STR("abc\xC0")), 0, "cannot be completed");
}

Test(utf8, each_maximal_invalid_part_becomes_one_replacement)
{
    struct buf b = {0};
    utf8_replace_bad(&b, STR("a\xF1\x80\x80\xE1\x80\xC2z"));
    cr_assert_str_eq(b.at, "a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz");
    buf_free(&b);
}

Test(json, errors_name_the_byte)
{
    struct json *j = NULL;
    struct err e = {0};
    cr_assert_not(json_parse(STR("{\"a\": tru}"), "x.json", &j, &e));
    cr_assert_str_eq(e.text, "x.json: not valid JSON at byte 6");
    cr_assert_not(json_parse(STR("[1] 2"), "x.json", &j, &e));
    cr_assert_str_eq(e.text, "x.json: text after the JSON value at byte 4");
}

Test(json, written_text_reads_back)
{
    struct json_out w = {0};
    json_open(&w, '{');
    json_pair_str(&w, "a\n", STR("q\"\\\x01\xC3\xA9"));
    json_pair_f64(&w, "f", 0.1);
    json_put_key(&w, "l");
    json_open(&w, '[');
    json_put_i64(&w, -3);
    json_put_bool(&w, true);
    json_close(&w, ']');
    json_close(&w, '}');
    cr_assert_str_eq(w.text.at,
                     "{\"a\\n\": \"q\\\"\\\\\\u0001\xC3\xA9\", \"f\": 0.1, \"l\": [-3, true]}");
    struct json *j = NULL;
    struct err e = {0};
    ASSERT_OK(json_parse(buf_str(&w.text), "x", &j, &e), e);
    double f = 0;
    cr_assert(json_f64(json_get(j, "f"), &f) && f == 0.1);
    cr_assert_eq(json_count(json_get(j, "l")), 2);
    json_free(j);
    json_out_free(&w);
}

Test(file, write_replaces_whole_and_remove_tree_follows_no_link)
{
    char path[512];
    char inside[512];
    char link[512];
    struct err e = {0};
    struct arena a;
    arena_init(&a, "test", 1 << 20);
    (void)snprintf(path, sizeof path, "%s/d/e", support_temp());
    ASSERT_OK(file_make_dirs(path, &e), e);
    (void)snprintf(inside, sizeof inside, "%s/kept", support_temp());
    ASSERT_OK(file_write(inside, STR("one"), &e), e);
    ASSERT_OK(file_write(inside, STR("two"), &e), e);
    cr_assert(str_eq(support_read(inside, &a), STR("two")));
    (void)snprintf(link, sizeof link, "%s/l", path);
    cr_assert_eq(symlink(support_temp(), link), 0);
    (void)snprintf(path, sizeof path, "%s/d", support_temp());
    ASSERT_OK(file_remove_tree(path, &e), e);
    cr_assert_not(file_exists(path));
    cr_assert(file_exists(inside), "the link's target is untouched");
    arena_fini(&a);
}
