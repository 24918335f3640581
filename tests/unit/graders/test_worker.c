/* podium-grader as a process: requests in, answers out. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "graders/grader_wire.h"
#include "graders/sandbox/wire.h"
#include "tests/support/support.h"

static struct arena keep;
static pid_t worker;
static int to_worker;
static int from_worker;

static void start(void)
{
    int down[2];
    int up[2];
    char path[1024];
    arena_init(&keep, "test", LIMIT_GIB);
    (void)snprintf(path, sizeof path, "%s/podium-grader", support_build());
    const char *work = support_temp();
    cr_assert(pipe(down) == 0 && pipe(up) == 0);
    worker = fork();
    if (worker == 0) {
        (void)dup2(down[0], 0);
        (void)dup2(up[1], 1);
        (void)close_range(3, ~0U, 0);
        (void)execl(path, path, "--work", work, (char *)NULL);
        _exit(127);
    }
    (void)close(down[0]);
    (void)close(up[1]);
    to_worker = down[1];
    from_worker = up[0];
    (void)signal(SIGPIPE, SIG_IGN);
}

static void stop(void)
{
    int status = -1;
    (void)close(to_worker);
    cr_expect_eq(waitpid(worker, &status, 0), worker);
    cr_expect_eq(status, 0, "the worker ended with %d", status);
    arena_fini(&keep);
}

TestSuite(worker, .init = start, .fini = stop);

static void send_request(int64_t ticket, const char *grader, struct str reply, const char *key)
{
    struct err e = {0};
    struct buf b = {0};
    struct grade_request r = {.ticket = ticket,
                              .grader = str_of(grader),
                              .reply = reply,
                              .key = str_of(key),
                              .definition = STR("{}")};
    grade_request_put(&b, &r);
    ASSERT_OK(wire_send(to_worker, "worker", buf_str(&b), &e), e);
    buf_free(&b);
}

static struct grade_answer receive(void)
{
    struct err e = {0};
    struct buf b = {0};
    bool has_frame = false;
    struct grade_answer a = {0};
    ASSERT_OK(wire_recv(from_worker, "worker", GRADE_FRAME_MAX, &b, &has_frame, &e), e);
    cr_assert(has_frame, "the worker closed its output");
    ASSERT_OK(grade_answer_get(buf_str(&b), &a, &keep, &e), e);
    buf_free(&b);
    return a;
}

static const char echo_item[] =
    "{\"language\":\"python\",\"tests\":[{\"in\":\"7\\n\",\"out\":\"7\\n\"}]}";

Test(worker, answers_come_in_the_order_of_requests)
{
    if (access("/usr/bin/python3", X_OK) != 0)
        support_skip("toolchain", "no python3 on this machine");
    send_request(1, "code", STR("```py\nprint(input())\n```"), echo_item);
    send_request(2, "code", STR("```py\nprint(8)\n```"), echo_item);
    send_request(3, "code", STR("nothing"), echo_item);
    struct grade_answer a = receive();
    cr_assert(a.ok, "%s", a.err.text);
    cr_assert_eq(a.ticket, 1);
    cr_assert_eq(a.grade.verdict, VERDICT_RIGHT, "%.*s", STR_ARG(a.grade.evidence));
    cr_assert_geq(a.version, 1);
    a = receive();
    cr_assert_eq(a.ticket, 2);
    cr_assert_eq(a.grade.verdict, VERDICT_WRONG);
    a = receive();
    cr_assert_eq(a.ticket, 3);
    cr_assert_eq(a.grade.verdict, VERDICT_NO_ANSWER);
}

Test(worker, what_cannot_be_judged_is_an_error_and_the_worker_lives)
{
    send_request(1, "oracle", STR("x"), "{}");
    send_request(2, "code", STR("x"), "{not json");
    send_request(3, "code", STR("x"), "{}");
    for (int i = 1; i <= 3; i++) {
        struct grade_answer a = receive();
        cr_assert_eq(a.ticket, i);
        cr_assert_not(a.ok);
        cr_assert_gt(strlen(a.err.text), 0);
    }
}

Test(worker, its_work_folder_is_empty_after_each_answer)
{
    send_request(1, "code", STR("x"), echo_item);
    (void)receive();
    DIR *d = opendir(support_temp());
    const struct dirent *entry = NULL;
    while ((entry = readdir(d)) != NULL)
        cr_assert_eq(entry->d_name[0], '.', "left: %s", entry->d_name);
    (void)closedir(d);
}
