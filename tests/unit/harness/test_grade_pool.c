#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "harness/grade_pool.h"
#include "tests/support/grade_script.h"
#include "tests/support/support.h"

static struct grade_pool *open_pool(int64_t n_workers, int64_t deadline_ms)
{
    struct err e = {0};
    struct grade_pool *p = NULL;
    struct grade_pool_config c = {
        .argv = grade_script_argv(3), .n_workers = n_workers, .deadline_ms = deadline_ms};
    (void)signal(SIGPIPE, SIG_IGN);
    ASSERT_OK(grade_pool_open(&p, &c, &e), e);
    return p;
}

static void submit(struct grade_pool *p, int64_t ticket, const char *reply, const char *key)
{
    cr_assert(grade_pool_has_room(p));
    struct grade_request r = {.ticket = ticket,
                              .grader = STR("script"),
                              .reply = str_of(reply),
                              .key = str_of(key),
                              .definition = STR("{}")};
    grade_pool_submit(p, &r);
}

static const char KEY[] = "{\"answer\": \"42\"}";

/* Steps until one is done. The answer is borrowed until the next take. */
static struct graded wait_for(struct grade_pool *p)
{
    struct graded g;
    struct err e = {0};
    while (!grade_pool_take(p, &g))
        ASSERT_OK(grade_pool_step(p, 1000, &e), e);
    return g;
}

static void not_graded(const struct graded *g, const char *want)
{
    cr_assert_not(g->answer.ok);
    cr_assert(strstr(g->answer.err.text, want) != NULL, "%s", g->answer.err.text);
}

Test(grade_pool, answers_come_back_under_their_tickets)
{
    struct grade_pool *p = open_pool(3, 20000);
    int64_t n_right = 0;
    int64_t sum = 0;
    for (int i = 0; i < 24; i++)
        submit(p, 100 + i, i % 2 == 0 ? "it is 42" : "it is 7", KEY);
    cr_assert_not(grade_pool_has_room(p), "the queue is bounded");
    for (int i = 0; i < 24; i++) {
        struct graded g = wait_for(p);
        cr_assert(g.answer.ok);
        cr_assert_eq(g.answer.version, 3);
        cr_assert_eq(g.answer.grade.verdict == VERDICT_RIGHT, g.ticket % 2 == 0);
        n_right += g.answer.grade.verdict == VERDICT_RIGHT;
        sum += g.ticket;
    }
    cr_assert_eq(n_right, 12);
    cr_assert_eq(sum, 24 * 100 + 23 * 24 / 2);
    cr_assert_eq(grade_pool_n_alive(p), 0);
    grade_pool_close(p);
}

Test(grade_pool, a_reply_that_kills_two_workers_is_handed_back_ungraded)
{
    struct grade_pool *p = open_pool(1, 20000);
    submit(p, 1, "CRASH", KEY);
    struct graded g = wait_for(p);
    not_graded(&g, "died of signal 9, twice");
    submit(p, 2, "42", KEY);
    g = wait_for(p);
    cr_assert_eq(g.answer.grade.verdict, VERDICT_RIGHT, "the pool lives on");
    grade_pool_close(p);
}

Test(grade_pool, a_reply_that_kills_one_worker_is_judged_by_the_next)
{
    char once[300];
    char key[400];
    struct grade_pool *p = open_pool(1, 20000);
    (void)snprintf(once, sizeof once, "%s/once", support_temp());
    (void)snprintf(key, sizeof key, "{\"answer\": \"42\", \"once\": \"%s\"}", once);
    submit(p, 1, "CRASHONCE 42", key);
    struct graded g = wait_for(p);
    cr_assert(file_exists(once));
    cr_assert(g.answer.ok, "%s", g.answer.err.text);
    cr_assert_eq(g.answer.grade.verdict, VERDICT_RIGHT);
    grade_pool_close(p);
}

Test(grade_pool, a_hung_worker_is_ended_at_the_deadline)
{
    struct grade_pool *p = open_pool(2, 300);
    int64_t start = clock_ns();
    submit(p, 1, "HANG", KEY);
    submit(p, 2, "42", KEY);
    struct graded g = wait_for(p);
    cr_assert_eq(g.ticket, 2, "the other worker is not held up");
    g = wait_for(p);
    not_graded(&g, "gave no verdict within 1 s, twice");
    int64_t ms = (clock_ns() - start) / 1000000;
    cr_assert(ms >= 600 && ms < 20000, "%lld ms", (long long)ms);
    grade_pool_close(p);
}

Test(grade_pool, nonsense_is_not_a_verdict)
{
    struct grade_pool *p = open_pool(1, 20000);
    submit(p, 1, "NONSENSE 42", KEY);
    struct graded g = wait_for(p);
    not_graded(&g, "talks nonsense, twice");
    grade_pool_close(p);
}

Test(grade_pool, a_large_reply_passes_both_ways)
{
    enum { N = 3 << 20 };
    struct grade_pool *p = open_pool(1, 20000);
    char *reply = calloc(1, N + 3);
    memset(reply, 'x', N);
    memcpy(reply + N, "42", 2);
    submit(p, 1, reply, KEY);
    struct graded g = wait_for(p);
    cr_assert(g.answer.ok);
    cr_assert_eq(g.answer.grade.verdict, VERDICT_RIGHT);
    free(reply);
    grade_pool_close(p);
}

Test(grade_pool, a_missing_worker_program_is_an_error_at_open)
{
    struct err e = {0};
    struct grade_pool *p = NULL;
    const char *argv[] = {"/nowhere/podium-grader", NULL};
    struct grade_pool_config c = {.argv = argv, .n_workers = 1, .deadline_ms = 1000};
    cr_assert_not(grade_pool_open(&p, &c, &e));
    cr_assert(strstr(e.text, "/nowhere/podium-grader: cannot be started") != NULL, "%s", e.text);
}

Test(grade_pool, closing_with_work_in_flight_leaves_no_process)
{
    struct grade_pool *p = open_pool(2, 20000);
    struct err e = {0};
    submit(p, 1, "HANG", KEY);
    submit(p, 2, "HANG", KEY);
    ASSERT_OK(grade_pool_step(p, 0, &e), e);
    grade_pool_close(p);
    cr_assert_lt(waitpid(-1, NULL, WNOHANG), 0, "no child is left");
    cr_assert_eq(errno, ECHILD);
}
