#include <math.h>

#include "harness/stats.h"
#include "tests/support/support.h"

static void near(double got, double want)
{
    cr_assert(fabs(got - want) < 1e-12, "got %.17g, want %.17g", got, want);
}

Test(stats, mean_and_error_by_hand)
{
    /* 1, 1/2, 0, 1/2: mean 1/2, squares 1/4 + 0 + 1/4 + 0, se = sqrt((1/2) / (4*3)) */
    const double x[] = {1, 0.5, 0, 0.5};
    struct estimate got = stats_mean(x, 4);
    near(got.mean, 0.5);
    near(got.se, sqrt(0.5 / 12));
    cr_assert_eq(got.n, 4);
}

Test(stats, error_equals_the_clustered_formula_when_balanced)
{
    /* two samples an item: scores (1,1) (1,0) (0,0), item means 1, 1/2, 0, mean 1/2.
     * clusters sum to (1), (0), (-1) around the mean: sqrt(3/2 * 2) / 6 */
    const double x[] = {1, 0.5, 0};
    near(stats_mean(x, 3).se, sqrt(3.0 / 2 * 2) / 6);
}

Test(stats, what_cannot_be_estimated_is_nan)
{
    const double x[] = {0.25};
    cr_assert(isnan(stats_mean(x, 0).mean));
    cr_assert(isnan(stats_mean(x, 0).se));
    near(stats_mean(x, 1).mean, 0.25);
    cr_assert(isnan(stats_mean(x, 1).se));
    cr_assert(isnan(stats_pass_at_k(3, 1, 4)));
}

Test(stats, pass_at_k_by_hand)
{
    near(stats_pass_at_k(4, 1, 1), 0.25);
    near(stats_pass_at_k(4, 1, 2), 0.5);            /* 1 - C(3,2)/C(4,2) = 1 - 3/6 */
    near(stats_pass_at_k(5, 2, 2), 0.7);            /* 1 - C(3,2)/C(5,2) = 1 - 3/10 */
    near(stats_pass_at_k(10, 3, 5), 1 - 21. / 252); /* C(7,5) = 21, C(10,5) = 252 */
    near(stats_pass_at_k(4, 3, 2), 1);              /* fewer than two wrong ones */
    near(stats_pass_at_k(4, 0, 4), 0);
    near(stats_pass_at_k(4, 4, 1), 1);
    near(stats_pass_at_k(1, 0, 1), 0);
}

/* Against the definition, with binomials small enough to be exact. */
static double choose(int64_t n, int64_t k)
{
    double out = 1;
    for (int64_t i = 0; i < k; i++)
        out = out * (double)(n - i) / (double)(i + 1);
    return k > n ? 0 : out;
}

Test(stats, pass_at_k_is_the_ratio_of_binomials)
{
    for (int64_t n = 1; n <= 20; n++)
        for (int64_t c = 0; c <= n; c++)
            for (int64_t k = 1; k <= n; k++)
                near(stats_pass_at_k(n, c, k), 1 - choose(n - c, k) / choose(n, k));
}
