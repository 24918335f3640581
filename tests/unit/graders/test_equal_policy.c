/* The switches of a suite: what is read, printed and refused. */
#include "base/json.h"
#include "base/limits.h"
#include "graders/math/equal.h"
#include "tests/support/support.h"

static struct err e;

static bool reads(const char *text, struct equal_policy *p)
{
    struct json *j = NULL;
    e = (struct err){0};
    ASSERT_OK(json_parse(str_of(text), "policies", &j, &e), e);
    bool ok = equal_policy_read(j, p, &e);
    json_free(j);
    return ok;
}

Test(equal_policy, without_any_everything_is_the_default)
{
    struct equal_policy p;
    struct equal_policy zero = {0};
    cr_assert(equal_policy_read(NULL, &p, &e));
    cr_assert_eq(memcmp(&p, &zero, sizeof p), 0);
    cr_assert(reads("{}", &p));
    cr_assert_eq(memcmp(&p, &zero, sizeof p), 0);
}

Test(equal_policy, what_is_printed_reads_back)
{
    CLEANUP(buf_free) struct buf b = {0};
    struct equal_policy p;
    struct equal_policy again;
    cr_assert(reads("{\"units\": \"strict\", \"percent\": \"loose\", \"rounding\": \"pred\","
                    " \"rounding_digits\": 4, \"list_order\": true,"
                    " \"interval_inequality\": false, \"rename\": true}",
                    &p),
              "%s", e.text);
    cr_assert_eq(p.units, UNITS_STRICT);
    cr_assert_eq(p.percent, PERCENT_LOOSE);
    cr_assert_eq(p.rounding, ROUNDING_PRED);
    cr_assert_eq(p.rounding_digits, 4);
    cr_assert(p.lists_ordered && p.intervals_strict && p.may_rename);
    equal_policy_print(&p, &b);
    cr_assert(reads(b.at, &again), "%s: %s", b.at, e.text);
    cr_assert_eq(p.units, again.units);
    cr_assert_eq(p.rounding_digits, again.rounding_digits);
    cr_assert_eq(p.intervals_strict, again.intervals_strict);
}

Test(equal_policy, what_is_unknown_is_an_error_that_names_the_choices)
{
    struct equal_policy p = {0};
    cr_assert_not(reads("{\"unit\": \"strict\"}", &p));
    cr_assert(strstr(e.text, "no policy \"unit\"; there are units, percent"), "%s", e.text);
    cr_assert_not(reads("{\"units\": \"lax\"}", &p));
    cr_assert(strstr(e.text, "optional, strict, ignore"), "%s", e.text);
    cr_assert_not(reads("{\"rename\": 1}", &p));
    cr_assert_not(reads("{\"rounding_digits\": 0}", &p));
    cr_assert_not(reads("[]", &p));
    cr_assert_eq(p.units, UNITS_OPTIONAL, "nothing is written on failure");
}
