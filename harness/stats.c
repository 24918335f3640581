#include "harness/stats.h"

#include <assert.h>
#include <math.h>

struct estimate stats_mean(const double *item_mean, int64_t n)
{
    struct estimate out = {.mean = (double)NAN, .se = (double)NAN, .n = n};
    double sum = 0;
    double squares = 0;
    for (int64_t i = 0; i < n; i++)
        sum += item_mean[i];
    if (n > 0)
        out.mean = sum / (double)n;
    for (int64_t i = 0; i < n; i++)
        squares += (item_mean[i] - out.mean) * (item_mean[i] - out.mean);
    if (n > 1)
        out.se = sqrt(squares / ((double)n * (double)(n - 1)));
    return out;
}

double stats_pass_at_k(int64_t n, int64_t c, int64_t k)
{
    assert(c >= 0 && c <= n);
    assert(k >= 1);
    if (n < k)
        return (double)NAN;
    double none = 1; /* C(n-c, k) / C(n, k) as a product, which cannot overflow */
    for (int64_t i = n - c + 1; i <= n && none > 0; i++)
        none *= i > k ? 1 - (double)k / (double)i : 0;
    return 1 - none;
}
