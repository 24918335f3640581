/* Output comparison against two tables: cases written by hand with their reasons, and borders of
 * tolerances made by tests/reference/validator_ref.py, which has verified both with fractions. */
#include "base/limits.h"
#include "graders/terms/compare.h"
#include "tests/support/support.h"

static struct arena keep;

static void start(void)
{
    arena_init(&keep, "test", LIMIT_GIB);
}

static void finish(void)
{
    arena_fini(&keep);
}

TestSuite(validator, .init = start, .fini = finish);

static int hex(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static struct str unescape(struct str s)
{
    static const char names[] = "ntrvf0\\s";
    static const char bytes[] = "\n\t\r\v\f\0\\ ";
    char *out = NEW(&keep, char, s.n + 1);
    int64_t n = 0;
    for (int64_t i = 0; i < s.n; i++) {
        if (s.at[i] != '\\') {
            out[n++] = s.at[i];
        } else if (s.at[++i] == 'x') {
            out[n++] = (char)(hex(s.at[i + 1]) * 16 + hex(s.at[i + 2]));
            i += 2;
        } else {
            const char *name = strchr(names, s.at[i]);
            cr_assert_not_null(name);
            out[n++] = bytes[name - names];
        }
    }
    return (struct str){out, n};
}

static struct compare_rule rule_of(struct str words)
{
    struct compare_rule rule = {0};
    struct err e = {0};
    struct str flags[8];
    int64_t n = 0;
    if (str_starts(words, STR("@"))) {
        cr_assert(compare_mode_from_name(str_sub(words, 1, words.n), &rule.mode));
        return rule;
    }
    while (words.n > 0 && str_split(&words, ' ', &flags[n]))
        n++;
    ASSERT_OK(compare_rule_from_flags(flags, n, &rule, &e), e);
    return rule;
}

static int64_t check(const char *path)
{
    struct str rest = support_read(path, &keep);
    struct str line;
    int64_t n = 0;
    for (int64_t at = 1; str_split(&rest, '\n', &line); at++) {
        struct str field[5] = {0};
        struct difference d;
        if (line.n == 0 || line.at[0] == '#')
            continue;
        for (int i = 0; i < 5; i++)
            cr_assert(str_split(&line, '\t', &field[i]), "%s:%lld", path, (long long)at);
        struct compare_rule rule = rule_of(field[0]);
        bool is_same = compare_output(&rule, unescape(field[1]), unescape(field[2]), &d);
        cr_expect(is_same == str_eq(field[3], STR("AC")), "%s:%lld: %.*s", path, (long long)at,
                  STR_ARG(field[4]));
        n++;
    }
    return n;
}

Test(validator, every_case_has_its_verdict)
{
    cr_assert_geq(check("tests/golden/validator_cases.txt"), 280);
}

Test(validator, borders_of_tolerances_are_met_exactly)
{
    cr_assert_geq(check("tests/golden/validator_random.txt"), 400);
}
