/* The tokenizer behind a pipe, for tokenizer_check.py:  tokenizer_pipe TOKENIZER
 * In: "s 12\n" or "t 12\n" (added tokens recognised, or not), then so many bytes of text.
 * Out: one line of ids for each. "p 12\n" asks for the lengths of the pieces in bytes instead:
 * where no merge could cross a border, ids do not show whether it is there. */
#include <stdio.h>
#include <stdlib.h>

#include "engine/tokenizer_file.h"

static bool pieces(const struct tokenizer *t, struct str text, struct err *e)
{
    struct pattern_work *work;
    struct str piece;
    pattern_work_open(&work);
    struct pretok_walk walk = pretok_start(t->pretok, work, text);
    bool ok;
    while ((ok = pretok_next(&walk, &piece, e)) && piece.n > 0)
        (void)printf("%lld ", (long long)piece.n);
    (void)printf("\n");
    pattern_work_close(work);
    return ok && fflush(stdout) == 0;
}

static bool answer(const struct tokenizer *t, char mode, struct str text, struct err *e)
{
    struct tokens ids = {0};
    if (mode == 'p')
        return pieces(t, text, e);
    if (!tokenizer_encode(t, text, mode == 's' ? TOKENIZER_SPECIAL : TOKENIZER_TEXT,
                          TOKENIZER_REFUSE, &ids, e))
        return false;
    for (int64_t i = 0; i < ids.n; i++)
        (void)printf(i == 0 ? "%d" : " %d", ids.at[i]);
    (void)printf("\n");
    tokens_free(&ids);
    return fflush(stdout) == 0;
}

int main(int argc, char **argv)
{
    struct err e = {0};
    struct tokenizer *t = NULL;
    char mode;
    size_t n;
    if (argc != 2 || !tokenizer_open(&t, argv[1], &e)) {
        (void)fprintf(stderr, "tokenizer_pipe: %s\n", e.text);
        return 1;
    }
    while (scanf("%c %zu", &mode, &n) == 2 && getchar() == '\n') {
        char *text = malloc(n + 1);
        if (text == NULL || fread(text, 1, n, stdin) != n ||
            !answer(t, mode, (struct str){text, (int64_t)n}, &e)) {
            (void)fprintf(stderr, "tokenizer_pipe: %s\n", e.text);
            return 1;
        }
        free(text);
    }
    tokenizer_close(t);
    return 0;
}
