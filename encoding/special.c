#include "encoding/special.h"

struct str special_at(struct str s, int64_t i)
{
    static const struct {
        const char *at;
        int64_t n;
    } all[] = {
#define ENTRY(lit) {(lit), (int64_t)sizeof(lit) - 1}
        ENTRY(SPECIAL_BOS),  ENTRY(SPECIAL_EOS),       ENTRY(SPECIAL_ASSISTANT),
        ENTRY(SPECIAL_USER), ENTRY(SPECIAL_THINK_END), ENTRY(SPECIAL_THINK),
        ENTRY(SPECIAL_DSML),
#undef ENTRY
    };
    if (i >= s.n || (s.at[i] != '<' && s.at[i] != SPECIAL_DSML[0]))
        return (struct str){0};
    for (int k = 0; k < (int)(sizeof all / sizeof all[0]); k++)
        if (s.n - i >= all[k].n && memcmp(s.at + i, all[k].at, (size_t)all[k].n) == 0)
            return (struct str){all[k].at, all[k].n};
    return (struct str){0};
}
