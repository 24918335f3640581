#include "tests/support/support.h"

Test(str, numbers_are_whole_text_or_nothing)
{
    int64_t v = 7;
    cr_assert(str_i64(STR("-9223372036854775808"), &v));
    cr_assert_eq(v, INT64_MIN);
    cr_assert_not(str_i64(STR("9223372036854775808"), &v));
    cr_assert_not(str_i64(STR(" 1"), &v));
    cr_assert_not(str_i64(STR("1 "), &v));
    cr_assert_not(str_i64(STR("+1"), &v));
    cr_assert_not(str_i64(STR("-"), &v));
    cr_assert_not(str_i64(STR(""), &v));
    cr_assert_eq(v, INT64_MIN, "a failed read writes nothing");
    uint64_t u;
    cr_assert(str_u64(STR("18446744073709551615"), &u));
    cr_assert_eq(u, UINT64_MAX);
    cr_assert_not(str_u64(STR("18446744073709551616"), &u));
    double d;
    cr_assert(str_f64(STR("-1.5e3"), &d));
    cr_assert_eq(d, -1500.0);
    cr_assert_not(str_f64(STR("inf"), &d));
    cr_assert_not(str_f64(STR("0x10"), &d));
    cr_assert_not(str_f64(STR("1e999"), &d));
}

Test(str, find_looks_forward_and_rfind_back)
{
    struct str s = STR("abcabc");
    cr_assert_eq(str_find(s, STR("bc"), 0), 1);
    cr_assert_eq(str_find(s, STR("bc"), 2), 4);
    cr_assert_eq(str_find(s, STR("bc"), 5), -1);
    cr_assert_eq(str_find(s, STR(""), 6), 6);
    cr_assert_eq(str_rfind(s, STR("bc")), 4);
    cr_assert_eq(str_rfind(s, STR("x")), -1);
    cr_assert_eq(str_rfind(STR("ab"), STR("abc")), -1);
}

Test(str, split_keeps_empty_pieces)
{
    struct str rest = STR("a,,b");
    struct str piece;
    cr_assert(str_split(&rest, ',', &piece) && str_eq(piece, STR("a")));
    cr_assert(str_split(&rest, ',', &piece) && piece.n == 0);
    cr_assert(str_split(&rest, ',', &piece) && str_eq(piece, STR("b")));
    cr_assert_not(str_split(&rest, ',', &piece));
}

Test(str, distance_counts_edits)
{
    cr_assert_eq(str_distance(STR("arith"), STR("arith")), 0);
    cr_assert_eq(str_distance(STR("arit"), STR("arith")), 1);
    cr_assert_eq(str_distance(STR("kitten"), STR("sitting")), 3);
    cr_assert_eq(str_distance(STR(""), STR("abc")), 3);
}

Test(str, buf_grows_and_stays_terminated)
{
    struct buf b = {0};
    for (int i = 0; i < 1000; i++)
        buf_fmt(&b, "%d,", i);
    cr_assert_eq(b.at[b.n], 0);
    cr_assert(str_ends(buf_str(&b), STR("998,999,")));
    buf_free(&b);
}
