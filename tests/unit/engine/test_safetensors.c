#include <stdio.h>

#include "base/limits.h"
#include "engine/safetensors.h"
#include "tests/support/support.h"

static struct arena keep;

static void open_arena(void)
{
    arena_init(&keep, "test", 64 * LIMIT_MIB);
}

TestSuite(safetensors, .init = open_arena);

/* A file of that header and n data bytes 0, 1, 2, ... */
static struct str file_of(const char *header, int64_t n_data)
{
    int64_t n = (int64_t)strlen(header);
    char *p = NEW(&keep, char, 8 + n + n_data);
    for (int i = 0; i < 8; i++)
        p[i] = (char)((uint64_t)n >> (8 * i) & 0xFF);
    memcpy(p + 8, header, (size_t)n);
    for (int64_t i = 0; i < n_data; i++)
        p[8 + n + i] = (char)i;
    return (struct str){p, 8 + n + n_data};
}

#define A16 "\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}"
#define B4  "\"b\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[16,20]}"

Test(safetensors, tensors_are_found_by_name_and_point_into_the_file)
{
    struct safetensors s = {0};
    struct err e = {0};
    struct str f = file_of("{\"__metadata__\":{\"format\":\"pt\"}," B4 "," A16 "}   ", 20);
    ASSERT_OK(safetensors_parse(f, "m.safetensors", &s, &keep, &e), e);
    cr_assert_eq(s.n, 2);
    const struct safetensor *b = safetensors_find(&s, "b");
    cr_assert_str_eq(b->dtype, "BF16");
    cr_assert_eq(b->n_dims, 1);
    cr_assert_eq(b->n_bytes, 4);
    cr_assert_eq(b->data[0], 16);
    cr_assert_eq(safetensors_find(&s, "a")->shape[1], 2);
    cr_assert_null(safetensors_find(&s, "c"));
}

Test(safetensors, scalar_and_empty_tensors_are_fine)
{
    struct safetensors s = {0};
    struct err e = {0};
    struct str f = file_of("{\"s\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
                           "\"n\":{\"dtype\":\"F16\",\"shape\":[0,3],\"data_offsets\":[8,8]}}",
                           8);
    ASSERT_OK(safetensors_parse(f, "m", &s, &keep, &e), e);
    cr_assert_eq(safetensors_find(&s, "s")->n_dims, 0);
    cr_assert_eq(safetensors_find(&s, "n")->n_bytes, 0);
    ASSERT_OK(safetensors_parse(file_of("{}", 0), "m", &s, &keep, &e), e);
    cr_assert_eq(s.n, 0);
    cr_assert_null(safetensors_find(&s, "s"));
}

struct damage {
    const char *header;
    int64_t n_data;
    const char *says;
};

static const struct damage damages[] = {
    {"{" A16 "}", 15, "a: ends at byte 16 of the data, the file holds 15"},
    {"{" A16 "}", 17, "1 bytes after the last tensor"},
    {"{" A16 "," B4 "}", 19, "b: ends at byte 20"},
    {"{" B4 "}", 20, "b: bytes 0 to 16 before it belong to no tensor"},
    {"{" A16 "," A16 "}", 16, "a: overlaps a"},
    {"{" A16 ",\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[16,20]}}", 20,
     "a: is there twice"},
    {"{" A16 ",\"c\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[12,20]}}", 20,
     "c: overlaps a at byte 12"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,16]}}", 16,
     "a: has 16 bytes, its type and shape ask for 24"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[16,0]}}", 16,
     "a: data_offsets [16, 0] are not a range"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[-16,0]}}", 16, "a: data_offsets"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0]}}", 16,
     "a: data_offsets are not two numbers"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,1e300]}}", 16, "a: data_offsets"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0.5,16]}}", 16, "a: data_offsets"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[-4],\"data_offsets\":[0,16]}}", 16, "a: shape[0]"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[\"4\"],\"data_offsets\":[0,16]}}", 16, "a: shape[0]"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", 0,
     "a: shape overflows"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1],\"data_offsets\":[0,4]}}", 4,
     "a: 5 dimensions"},
    {"{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "a: shape is missing"},
    {"{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "a: dtype is missing"},
    {"{\"a\":{\"dtype\":\"Q4\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "a: unknown dtype Q4"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}", 4,
     "a: member x is unknown"},
    {"{\"a\":7}", 4, "a: not an object"},
    {"[1]", 0, "the header is not an object"},
    {"{\"a\":", 0, "not valid JSON at byte"},
    {"", 0, "empty"},
};

Test(safetensors, every_kind_of_damage_is_named)
{
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        const struct damage *d = &damages[i];
        struct safetensors s = {0};
        struct err e = {0};
        struct str f = file_of(d->header, d->n_data);
        cr_assert(!safetensors_parse(f, "m.safetensors", &s, &keep, &e), "accepted: %s", d->header);
        cr_assert_eq(e.cls, ERR_INPUT);
        cr_assert(strncmp(e.text, "m.safetensors: ", 15) == 0, "%s", e.text);
        cr_assert(strstr(e.text, d->says) != NULL, "%s: \"%s\"", d->says, e.text);
    }
}

Test(safetensors, header_length_is_not_believed)
{
    struct safetensors s = {0};
    struct err e = {0};
    struct str f = file_of("{" A16 "}", 16);
    char *length = (char *)(uintptr_t)f.at;
    length[1] = 1; /* 256 bytes more than there are */
    cr_assert(!safetensors_parse(f, "m", &s, &keep, &e));
    cr_assert(strstr(e.text, "the header ends at byte") != NULL, "%s", e.text);
    length[7] = (char)0x80;
    cr_assert(!safetensors_parse(f, "m", &s, &keep, &e));
    cr_assert(strstr(e.text, "not believed") != NULL, "%s", e.text);
    cr_assert(!safetensors_parse(str_sub(f, 0, 7), "m", &s, &keep, &e));
    cr_assert(strstr(e.text, "7 bytes are no safetensors file") != NULL, "%s", e.text);
}

Test(safetensors, a_file_cut_anywhere_is_refused)
{
    struct str f = file_of("{" A16 "," B4 "}", 20);
    for (int64_t n = 0; n < f.n; n++) {
        struct safetensors s = {0};
        struct err e = {0};
        cr_assert(!safetensors_parse(str_sub(f, 0, n), "m", &s, &keep, &e), "%lld bytes",
                  (long long)n);
    }
}
