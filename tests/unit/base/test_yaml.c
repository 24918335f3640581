#include "base/yaml.h"

#include "base/limits.h"
#include "tests/support/support.h"

static struct arena keep;
static struct err e;
static const struct yaml *root;

static bool parse(struct str text)
{
    if (keep.first == NULL)
        arena_init(&keep, "test", LIMIT_GIB);
    arena_reset(&keep);
    root = NULL;
    e = (struct err){0};
    return yaml_parse(text, "a.yaml", &root, &keep, &e);
}

static void refused(struct str text, const char *part)
{
    cr_assert(!parse(text), "was read, but should not: %s", part);
    cr_assert_eq(e.cls, ERR_INPUT);
    cr_assert(strstr(e.text, part) != NULL, "\"%s\" does not say \"%s\"", e.text, part);
    cr_assert(root == NULL);
}

Test(yaml, members_keep_their_order_and_places)
{
    ASSERT_OK(parse(STR("a: 1\nb:\n  - x\n  - 'y'\nc: {d: ~}\n")), e);
    cr_assert_eq(root->kind, YAML_MAP);
    cr_assert_eq(root->n, 3);
    int64_t v = 0;
    cr_assert(yaml_i64(yaml_get(root, "a"), &v) && v == 1);
    const struct yaml *b = yaml_get(root, "b");
    cr_assert_eq(b->n, 2);
    cr_assert(str_eq(yaml_first(b)->text, STR("x")));
    cr_assert(str_eq(yaml_next(yaml_first(b))->text, STR("y")));
    cr_assert_eq(yaml_next(yaml_first(b))->line, 4);
    cr_assert_eq(yaml_next(yaml_first(b))->column, 5);
    cr_assert_eq(b->key_line, 2);
    cr_assert_eq(yaml_kind(yaml_get(yaml_get(root, "c"), "d")), YAML_NULL);
    cr_assert_eq(yaml_kind(yaml_get(yaml_get(root, "nope"), "d")), YAML_ABSENT);
}

Test(yaml, a_scalar_is_what_the_reader_asks_for)
{
    bool yes = false;
    int64_t v = 0;
    double x = 0;
    struct str s;
    ASSERT_OK(parse(STR("a: no\nb: 'no'\nc: 010\nd: 1.5\ne: '3'\nf: -7\ng: 0\nh: 0.5\ni: 1e400\n"
                        "j: .inf\nk: !!str 5\nl: !!int 5\n")),
              e);
    cr_assert(yaml_bool(yaml_get(root, "a"), &yes) && !yes);
    cr_assert(yaml_str(yaml_get(root, "a"), &s) && str_eq(s, STR("no")));
    cr_assert_not(yaml_bool(yaml_get(root, "b"), &yes));
    cr_assert_not(yaml_i64(yaml_get(root, "c"), &v)); /* eight or ten: nobody knows */
    cr_assert(yaml_f64(yaml_get(root, "d"), &x) && x == 1.5);
    cr_assert_not(yaml_i64(yaml_get(root, "e"), &v));
    cr_assert(yaml_i64(yaml_get(root, "f"), &v) && v == -7);
    cr_assert(yaml_i64(yaml_get(root, "g"), &v) && v == 0);
    cr_assert(yaml_f64(yaml_get(root, "h"), &x) && x == 0.5);
    cr_assert_not(yaml_f64(yaml_get(root, "i"), &x));
    cr_assert_not(yaml_f64(yaml_get(root, "j"), &x));
    cr_assert_not(yaml_i64(yaml_get(root, "k"), &v));
    cr_assert(yaml_i64(yaml_get(root, "l"), &v) && v == 5);
}

Test(yaml, an_empty_text_is_null)
{
    ASSERT_OK(parse(STR("")), e);
    cr_assert_eq(root->kind, YAML_NULL);
    ASSERT_OK(parse(STR("# nothing\n")), e);
    cr_assert_eq(root->kind, YAML_NULL);
}

Test(yaml, what_is_wrong_is_placed)
{
    refused(STR("a: 1\n b: 2\n"), "a.yaml:2:");
    refused(STR("a: 1\nb: 2\na: 3\n"), "a.yaml:3:1: this key is in the map twice");
    refused(STR("a: 1\n---\nb: 1\n"), "a.yaml:2:1: a second document");
    refused(STR("a: !evil 1\n"), "a.yaml:1:4: a tag of its own kind");
    refused(STR("a: !!python/object:os.system 1\n"), "a tag that is not of the core schema");
    refused(STR("[a]: 1\n"), "a list or map as a key");
    refused(STR("x: &a 1\n<<: *a\n"), "merging");
    refused(STR("ab: \"\xff\"\n"), "a.yaml:1:6: not UTF-8");
    refused(STR("a: 1\nb: *c\n"), "a.yaml:2:4: an alias");
    refused(STR("a: &a [*a]\n"), "an alias of what is not defined before it");
    refused(STR("a: [1, 2\n"), "a.yaml:");
    refused(STR("a: \"b\n"), "a.yaml:");
    refused(STR("\xff\xfe"
                "a\0"),
            "not UTF-8");
}

Test(yaml, an_alias_stands_for_a_copy)
{
    ASSERT_OK(parse(STR("a: &x {k: 1}\nb: *x\nc: &y z\nd: *y\n")), e);
    struct str s;
    int64_t v = 0;
    cr_assert(yaml_i64(yaml_get(yaml_get(root, "b"), "k"), &v) && v == 1);
    cr_assert(yaml_str(yaml_get(root, "d"), &s) && str_eq(s, STR("z")));
    cr_assert_eq(root->n, 4);
    cr_assert(str_eq(yaml_get(root, "b")->key, STR("b")));
    cr_assert(str_eq(yaml_get(root, "a")->key, STR("a")));
}

Test(yaml, a_bomb_of_aliases_is_refused)
{
    CLEANUP(buf_free) struct buf b = {0};
    buf_put(&b, STR("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"));
    for (int i = 1; i < 12; i++) {
        buf_fmt(&b, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++)
            buf_fmt(&b, "%s*a%d", k == 0 ? "" : ", ", i - 1);
        buf_put(&b, STR("]\n"));
    }
    refused(buf_str(&b), "too large when aliases are written out");
}

Test(yaml, depth_and_size_are_bounded)
{
    CLEANUP(buf_free) struct buf b = {0};
    for (int i = 0; i < 100000; i++)
        buf_byte(&b, '[');
    refused(buf_str(&b), "nested too deep");
    buf_clear(&b);
    for (int64_t i = 0; i <= LIMIT_YAML_BYTES; i++)
        buf_byte(&b, ' ');
    refused(buf_str(&b), "more than the");
    buf_clear(&b);
    for (int i = 0; i <= LIMIT_YAML_KEYS; i++)
        buf_fmt(&b, "k%d: 1\n", i);
    refused(buf_str(&b), "too many keys");
}
