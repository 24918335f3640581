#include "graders/math/generators.h"

bool generators_vanish(struct terms *T, int32_t t)
{
    (void)T;
    (void)t;
    return false;
}
