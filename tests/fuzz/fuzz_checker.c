/* How a checker ended and what it wrote, in any combination: reading never crashes, only a run that
 * exited with an accepting code is ever AC, and a score is in the range of its protocol.
 * Bytes: protocol and flags, end, code, which takes there are; then stdout, stderr and the takes
 * between 0xFF. */
#include <assert.h>
#include <math.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "graders/judge/checker.h"
#include "graders/judge/trial.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TAKES = 5 };

static void examine(enum checker_protocol protocol, const struct sandbox_result *r, bool may_score,
                    const struct check *c)
{
    assert(r->end == SANDBOX_EXITED);
    assert(c->outcome == OUTCOME_AC || c->outcome == OUTCOME_PC || c->outcome == OUTCOME_WA ||
           c->outcome == OUTCOME_PE || c->outcome == OUTCOME_PV);
    if (c->outcome == OUTCOME_AC)
        assert(r->code == (protocol == CHECKER_KATTIS ? 42 : 0));
    if (c->outcome == OUTCOME_PC)
        assert(may_score && c->has_score);
    if (c->has_score)
        assert(isfinite(c->score));
    if (c->has_score && protocol == CHECKER_CMS)
        assert(c->score >= 0 && c->score <= 1);
    if (c->has_score && protocol == CHECKER_TESTLIB)
        assert(may_score && c->score >= 0);
    if (c->has_score && protocol == CHECKER_KATTIS)
        assert(may_score && c->outcome == OUTCOME_AC);
    if (c->has_multiplier)
        assert(c->multiplier >= 0 && c->multiplier <= 1 && c->outcome == OUTCOME_AC);
    assert(!c->has_next_pass || c->outcome == OUTCOME_AC);
    assert(c->message.n <= 404 && utf8_first_bad(c->message) < 0);
    for (int64_t i = 0; i < c->message.n; i++)
        assert((unsigned char)c->message.at[i] >= 0x20);
}

/* The same bytes as what a package's grader of groups says. */
static void examine_grade(struct str said)
{
    struct group_result g = {0};
    struct err e = {0};
    if (!trial_read_grade(said, &g, &e))
        assert(e.cls == ERR_INPUT && e.text[0] != 0);
    else
        assert(isfinite(g.score) && (g.outcome <= OUTCOME_WA || g.outcome >= OUTCOME_OLE) &&
               g.outcome <= OUTCOME_RE && g.i_test == -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena keep;
    struct arena tmp;
    struct str rest = {(const char *)data + 4, (int64_t)size - 4};
    struct str taken[TAKES] = {{0}};
    struct sandbox_result r = {.taken = taken};
    struct check c = {0};
    struct err e = {0};
    if (size < 5)
        return 0;
    if (keep.first == NULL)
        arena_init(&keep, "fuzz", LIMIT_GIB);
    examine_grade(rest);
    tmp = keep;
    enum checker_protocol protocol = (enum checker_protocol)(CHECKER_KATTIS + data[0] % 3);
    r.end = (enum sandbox_end)(data[1] % (SANDBOX_STOPPED + 1));
    r.code = data[2];
    (void)str_split(&rest, '\xff', &r.out);
    (void)str_split(&rest, '\xff', &r.err);
    for (int i = 0; i < TAKES; i++)
        if ((data[3] >> i & 1) != 0 && !str_split(&rest, '\xff', &taken[i]))
            taken[i] = STR("");
    if (checker_read(protocol, &r, (data[0] & 128) != 0, &c, &tmp, &e))
        examine(protocol, &r, (data[0] & 128) != 0, &c);
    else
        assert(e.cls == ERR_INPUT && e.text[0] != 0);
    return 0;
}
