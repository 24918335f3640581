#include "harness/token_list.h"

static bool is_between(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == ',' || c == '[' || c == ']';
}

bool token_list_read(struct str text, const char *what, struct tokens *out, struct err *e)
{
    for (int64_t i = 0; i < text.n;) {
        if (is_between(text.at[i])) {
            i++;
            continue;
        }
        int64_t from = i;
        while (i < text.n && !is_between(text.at[i]))
            i++;
        int64_t id = 0;
        if (!str_i64(str_sub(text, from, i), &id) || id < 0 || id > INT32_MAX)
            return FAIL(e, ERR_INPUT, "%s: byte %lld: not a token id", what, (long long)from);
        tokens_put(out, (int32_t)id);
    }
    return true;
}
