/* A rule (first byte), then two outputs split at the first 0xFF: no comparison reads outside,
 * every output is equal to itself, and where a rule knows no direction, to swap changes nothing. A
 * difference lies inside the outputs. */
#include <assert.h>

#include "graders/terms/compare.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct compare_rule rule_of(uint8_t bits)
{
    static const double tolerances[] = {0, 1e-6, 1e-9, 0.5, 1, 1e300};
    return (struct compare_rule){.mode = (enum compare_mode)(bits & 3),
                                 .forgives_case = (bits & 4) != 0,
                                 .is_space_exact = (bits & 8) != 0,
                                 .has_float = (bits & 16) != 0,
                                 .abs_tolerance = tolerances[(bits >> 5) % 6],
                                 .rel_tolerance = tolerances[(bits >> 6) % 6]};
}

static bool compare(const struct compare_rule *rule, struct str want, struct str got)
{
    struct difference d = {0};
    if (compare_output(rule, want, got, &d))
        return true;
    assert(d.i_piece >= 1);
    assert(d.offset >= 0 && d.offset <= got.n);
    assert(d.want.n >= 0 && d.got.n >= 0);
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str a;
    struct str b = {(const char *)data + 1, (int64_t)size - 1};
    if (size < 1 || !str_split(&b, '\xff', &a))
        return 0;
    struct compare_rule rule = rule_of(data[0]);
    assert(compare(&rule, a, a));
    assert(compare(&rule, b, b));
    bool is_same = compare(&rule, a, b);
    if (rule.mode != COMPARE_TOKENS || !rule.has_float)
        assert(is_same == compare(&rule, b, a));
    return 0;
}
