#include "base/pattern.h"

#include <assert.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* The machine code starts on 32 KiB of the thread's own stack. The patterns of a tokenizer never
 * need more; one that does gets this much, and beyond it the interpreter, which uses the heap. */
enum { STACK_FIRST = 256 << 10, STACK_MOST = 16 << 20 };

struct pattern {
    pcre2_code *code;
    bool is_native;
    bool matches_empty;
};

struct pattern_work {
    pcre2_match_data *found;
    pcre2_match_context *bounds;
    pcre2_jit_stack *stack; /* NULL until a search asked for it */
};

static bool fail_compile(int code, PCRE2_SIZE at, struct err *e)
{
    unsigned char why[160];
    (void)pcre2_get_error_message(code, why, sizeof why);
    return FAIL(e, ERR_INPUT, "regex at byte %lld: %s", (long long)at, (const char *)why);
}

bool pattern_open(struct pattern **out, struct str regex, enum pattern_engine engine, struct err *e)
{
    int code = 0;
    PCRE2_SIZE at = 0;
    uint32_t empty = 0;
    pcre2_code *c = pcre2_compile((PCRE2_SPTR)(regex.n == 0 ? "" : regex.at), (PCRE2_SIZE)regex.n,
                                  PCRE2_UTF | PCRE2_UCP, &code, &at, NULL);
    if (c == NULL)
        return fail_compile(code, at, e);
    struct pattern *p = calloc(1, sizeof *p);
    assert(p != NULL);
    p->code = c;
    p->is_native = engine == PATTERN_FASTEST && pcre2_jit_compile(c, PCRE2_JIT_COMPLETE) == 0;
    (void)pcre2_pattern_info(c, PCRE2_INFO_MATCHEMPTY, &empty);
    p->matches_empty = empty != 0;
    *out = p;
    return true;
}

void pattern_close(struct pattern *p)
{
    if (p == NULL)
        return;
    pcre2_code_free(p->code);
    free(p);
}

bool pattern_is_native(const struct pattern *p)
{
    return p->is_native;
}

bool pattern_matches_empty(const struct pattern *p)
{
    return p->matches_empty;
}

void pattern_work_open(struct pattern_work **out)
{
    struct pattern_work *w = calloc(1, sizeof *w);
    assert(w != NULL);
    w->found = pcre2_match_data_create(1, NULL);
    w->bounds = pcre2_match_context_create(NULL);
    assert(w->found != NULL);
    assert(w->bounds != NULL);
    pattern_work_limit(w, UINT32_MAX);
    *out = w;
}

void pattern_work_close(struct pattern_work *w)
{
    if (w == NULL)
        return;
    pcre2_match_data_free(w->found);
    pcre2_match_context_free(w->bounds);
    pcre2_jit_stack_free(w->stack);
    free(w);
}

void pattern_work_limit(struct pattern_work *w, uint32_t n_steps)
{
    (void)pcre2_set_match_limit(w->bounds, n_steps);
}

static int run_native(const struct pattern *p, struct pattern_work *w, struct str s)
{
    return pcre2_jit_match(p->code, (PCRE2_SPTR)s.at, (PCRE2_SIZE)s.n, 0, 0, w->found, w->bounds);
}

static int run_interpreted(const struct pattern *p, struct pattern_work *w, struct str s)
{
    return pcre2_match(p->code, (PCRE2_SPTR)s.at, (PCRE2_SIZE)s.n, 0,
                       PCRE2_NO_JIT | PCRE2_NO_UTF_CHECK, w->found, w->bounds);
}

static bool give_stack(struct pattern_work *w)
{
    if (w->stack != NULL)
        return false;
    w->stack = pcre2_jit_stack_create(STACK_FIRST, STACK_MOST, NULL);
    if (w->stack == NULL)
        return false;
    pcre2_jit_stack_assign(w->bounds, NULL, w->stack);
    return true;
}

bool pattern_find(const struct pattern *p, struct pattern_work *w, struct str subject,
                  struct pattern_hit *out, struct err *e)
{
    unsigned char why[160];
    if (subject.at == NULL)
        subject = STR("");
    int rc = p->is_native ? run_native(p, w, subject) : PCRE2_ERROR_JIT_STACKLIMIT;
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT && p->is_native && give_stack(w))
        rc = run_native(p, w, subject);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
        rc = run_interpreted(p, w, subject);
    if (rc == PCRE2_ERROR_NOMATCH) {
        *out = (struct pattern_hit){-1, -1};
        return true;
    }
    if (rc < 0) {
        (void)pcre2_get_error_message(rc, why, sizeof why);
        return FAIL(e, ERR_LIMIT, "regex search over %lld bytes: %s", (long long)subject.n,
                    (const char *)why);
    }
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer(w->found);
    *out = (struct pattern_hit){(int64_t)at[0], (int64_t)at[1]};
    assert(out->from <= out->to); /* \K inside a lookahead could turn it round; we have none */
    return true;
}
