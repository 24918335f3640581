/* Estimators, and nothing but: numbers in, numbers out.
 *
 * Samples of one item resemble each other, so an item is the unit that varies: every error here
 * is taken over items, never over single replies. What cannot be estimated is NaN. */
#pragma once
#include <stdint.h>

struct estimate {
    double mean; /* NaN when n == 0 */
    double se;   /* standard error of the mean; NaN when n < 2 */
    int64_t n;   /* items */
};

/* Mean over items of each item's mean, with se = sqrt(sum (x - mean)^2 / (n (n - 1))).
 * With the same number of samples for every item this equals the error clustered by item,
 *   sqrt(C/(C-1) * sum_c (sum_i (s_ci - mean))^2) / N.
 * Source  Miller 2024, arXiv:2411.00640, section 2.2. */
struct estimate stats_mean(const double *item_mean, int64_t n);

/* Probability that at least one of k samples drawn from the n (c of them right) is right:
 * 1 - C(n-c, k) / C(n, k), and 1 when n - c < k. Undefined, NaN, when fewer than k were drawn.
 * Source  Chen et al. 2021, arXiv:2107.03374, equation 1. */
double stats_pass_at_k(int64_t n, int64_t c, int64_t k);
