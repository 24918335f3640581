/* Programs that talk to each other: pipes, FIFOs, referees, and who outlives whom. */
#include <stdio.h>

#include "tests/support/box_fixture.h"
#include "tests/support/support.h"

TestSuite(sandbox_group, .init = box_fixture_open, .fini = box_fixture_close);
TestSuite(sandbox_group_fallback, .init = box_fixture_open_fallback, .fini = box_fixture_close);

/* Standard output of each is standard input of the other. */
static const struct sandbox_pipe crossed[] = {
    {.i_from = 0, .from_fd = 1, .i_to = 1, .to_fd = 0},
    {.i_from = 1, .from_fd = 1, .i_to = 0, .to_fd = 0},
};

static void run_crossed(const struct sandbox_job jobs[2], struct sandbox_result r[2])
{
    struct err e = {0};
    struct sandbox_group g = {.jobs = jobs, .n_jobs = 2, .pipes = crossed, .n_pipes = 2};
    ASSERT_OK(sandbox_run_group(box_fixture.box, &g, r, &box_fixture.keep, &e), e);
}

static void needs_namespaces(void)
{
    struct str isolation;
    struct str why;
    sandbox_isolation(box_fixture.box, &isolation, &why);
    if (why.n > 0)
        support_skip("namespaces",
                     arena_fmt(&box_fixture.keep, "no namespaces: %.*s", STR_ARG(why)).at);
}

static void check_talk(void)
{
    struct sandbox_result r[2];
    struct sandbox_job jobs[] = {box_fixture_shell("echo ping; read x; echo heard $x >&2"),
                                 box_fixture_shell("read x; echo $x-pong; exit 7")};
    run_crossed(jobs, r);
    cr_expect(str_eq(r[0].err, STR("heard ping-pong\n")), "%.*s", STR_ARG(r[0].err));
    cr_expect_eq(r[0].end, SANDBOX_EXITED);
    cr_expect_eq(r[0].code, 0);
    cr_expect_eq(r[1].end, SANDBOX_EXITED);
    cr_expect_eq(r[1].code, 7);
    cr_expect_eq(r[0].out.n, 0, "a joined descriptor is not captured");
}

Test(sandbox_group, two_programs_talk_over_direct_pipes)
{
    check_talk();
}

Test(sandbox_group_fallback, two_programs_talk_over_direct_pipes)
{
    check_talk();
}

/* More than a pipe holds, to somebody who is not there: no signal, and no waiting. */
static void check_deserted_writer(void)
{
    struct sandbox_result r[2];
    struct sandbox_job jobs[] = {
        box_fixture_shell("sleep 0.2; head -c 3000000 /dev/zero; echo $? >&2; echo x; echo $? >&2"),
        box_fixture_shell("exit 0")};
    run_crossed(jobs, r);
    cr_expect_eq(r[0].end, SANDBOX_EXITED, "%s", sandbox_end_name(r[0].end));
    cr_expect(str_eq(r[0].err, STR("0\n0\n")), "%.*s", STR_ARG(r[0].err));
    cr_expect_lt(r[1].ended_us, r[0].ended_us);
}

Test(sandbox_group, a_writer_whose_reader_is_gone_neither_dies_nor_blocks)
{
    check_deserted_writer();
}

Test(sandbox_group_fallback, a_writer_whose_reader_is_gone_neither_dies_nor_blocks)
{
    check_deserted_writer();
}

Test(sandbox_group, what_is_thrown_away_is_bounded_like_output)
{
    struct sandbox_result r[2];
    struct sandbox_job jobs[] = {box_fixture_shell("head -c 3000000 /dev/zero"),
                                 box_fixture_shell("exit 0")};
    jobs[0].limits.n_stdout_max = 1000000;
    run_crossed(jobs, r);
    cr_expect_eq(r[0].end, SANDBOX_OUTPUT, "%s", sandbox_end_name(r[0].end));
}

static void check_referee(void)
{
    struct sandbox_result r[2];
    struct sandbox_job jobs[] = {box_fixture_shell("read x; exit 43"),
                                 box_fixture_shell("echo guess; sleep 100")};
    jobs[0].is_referee = true;
    jobs[0].ok_code = 42;
    run_crossed(jobs, r);
    cr_expect_eq(r[0].code, 43);
    cr_expect_eq(r[1].end, SANDBOX_STOPPED, "%s", sandbox_end_name(r[1].end));
    cr_expect_lt(r[0].ended_us, r[1].ended_us);
    cr_expect_lt(r[1].wall_us, 4000000);
    jobs[0] = box_fixture_shell("read x; exit 42");
    jobs[0].is_referee = true;
    jobs[0].ok_code = 42;
    jobs[1] = box_fixture_shell("echo guess; sleep 0.3; exit 5");
    run_crossed(jobs, r);
    cr_expect_eq(r[0].code, 42);
    cr_expect_eq(r[1].end, SANDBOX_EXITED, "%s", sandbox_end_name(r[1].end));
    cr_expect_eq(r[1].code, 5);
}

Test(sandbox_group, a_referee_that_rejects_stops_the_others_and_one_that_accepts_does_not)
{
    check_referee();
}

Test(sandbox_group_fallback, a_referee_that_rejects_stops_the_others_and_one_that_accepts_does_not)
{
    check_referee();
}

/* A ring: the first says a number, each adds one, the first hears the sum. */
Test(sandbox_group, as_many_as_allowed_talk_in_a_ring)
{
    struct err e = {0};
    struct sandbox_job jobs[SANDBOX_GROUP_MAX];
    struct sandbox_pipe pipes[SANDBOX_GROUP_MAX];
    struct sandbox_result r[SANDBOX_GROUP_MAX];
    for (int64_t i = 0; i < SANDBOX_GROUP_MAX; i++) {
        jobs[i] =
            box_fixture_shell(i == 0 ? "echo 0; read x; echo $x >&2" : "read x; echo $((x+1))");
        pipes[i] = (struct sandbox_pipe){i, 1, (i + 1) % SANDBOX_GROUP_MAX, 0};
        jobs[i].limits.wall_ms = 60000;
    }
    struct sandbox_group g = {
        .jobs = jobs, .n_jobs = SANDBOX_GROUP_MAX, .pipes = pipes, .n_pipes = SANDBOX_GROUP_MAX};
    ASSERT_OK(sandbox_run_group(box_fixture.box, &g, r, &box_fixture.keep, &e), e);
    cr_expect(str_eq(r[0].err, STR("15\n")), "%.*s", STR_ARG(r[0].err));
}

Test(sandbox_group, each_has_its_own_limits)
{
    struct sandbox_result r[2];
    struct sandbox_job jobs[] = {box_fixture_shell("while :; do :; done"),
                                 box_fixture_shell("cat >/dev/null")};
    jobs[0].limits.cpu_ms = 200;
    run_crossed(jobs, r);
    cr_expect_eq(r[0].end, SANDBOX_CPU, "%s", sandbox_end_name(r[0].end));
    cr_expect_eq(r[1].end, SANDBOX_EXITED, "%s", sandbox_end_name(r[1].end));
    cr_expect_lt(r[1].cpu_us, 100000);
}

Test(sandbox_group, a_deadlock_ends_by_the_wall)
{
    struct sandbox_result r[2];
    struct sandbox_job jobs[] = {box_fixture_shell("read x"), box_fixture_shell("read x")};
    jobs[0].limits.wall_ms = jobs[1].limits.wall_ms = 400;
    run_crossed(jobs, r);
    cr_expect_eq(r[0].end == SANDBOX_WALL || r[1].end == SANDBOX_WALL, true);
}

Test(sandbox_group, all_stay_on_one_processor)
{
    struct sandbox_result r[2];
    struct sandbox_job jobs[] = {box_fixture_shell("grep Cpus_allowed_list /proc/self/status >&2"),
                                 box_fixture_shell("grep Cpus_allowed_list /proc/self/status >&2")};
    needs_namespaces();
    run_crossed(jobs, r);
    if (r[0].err.n == 0)
        support_skip("proc", "this machine lets no box have its own /proc");
    cr_expect(str_eq(r[0].err, r[1].err));
    cr_expect(str_find(r[0].err, STR("-"), 0) < 0, "%.*s", STR_ARG(r[0].err));
    cr_expect(str_find(r[0].err, STR(","), 0) < 0, "%.*s", STR_ARG(r[0].err));
}

Test(sandbox_group, each_is_another_user_and_sees_no_other)
{
    struct sandbox_result r[2];
    struct sandbox_description d;
    struct sandbox_job jobs[] = {
        box_fixture_shell("id -u >&2; kill -0 -1 2>/dev/null || echo alone >&2"),
        box_fixture_shell("id -u >&2; cat >/dev/null")};
    sandbox_describe(box_fixture.box, &d);
    if (!d.is_root)
        support_skip("root", "an unprivileged caller has one id");
    needs_namespaces();
    run_crossed(jobs, r);
    cr_expect(str_eq(r[0].err, STR("1000\nalone\n")), "%.*s", STR_ARG(r[0].err));
    cr_expect_not(str_eq(r[1].err, STR("1000\n")), "%.*s", STR_ARG(r[1].err));
}

Test(sandbox_group, a_program_that_cannot_start_is_our_error_and_nobody_hangs)
{
    struct err e = {0};
    struct sandbox_result r[2];
    struct str missing = STR("./nothing");
    struct sandbox_job jobs[] = {box_fixture_shell("read x"), box_fixture_shell("")};
    jobs[1].argv = &missing;
    jobs[1].n_argv = 1;
    struct sandbox_group g = {.jobs = jobs, .n_jobs = 2, .pipes = crossed, .n_pipes = 2};
    cr_expect_not(sandbox_run_group(box_fixture.box, &g, r, &box_fixture.keep, &e));
    cr_expect(str_find(str_of(e.text), STR("./nothing"), 0) >= 0, "%s", e.text);
    check_talk();
}

Test(sandbox_group, a_descriptor_that_is_joined_twice_is_refused)
{
    struct err e = {0};
    struct sandbox_result r[2];
    struct sandbox_job jobs[] = {box_fixture_shell("true"), box_fixture_shell("true")};
    struct sandbox_pipe pipes[] = {crossed[0], crossed[0]};
    struct sandbox_group g = {.jobs = jobs, .n_jobs = 2, .pipes = pipes, .n_pipes = 2};
    cr_expect_not(sandbox_run_group(box_fixture.box, &g, r, &box_fixture.keep, &e));
}

/* --- FIFOs ----------------------------------------------------------------------------------- */

static const struct str four_fifos[] = {
    {"u0_to_m", 7}, {"m_to_u0", 7}, {"u1_to_m", 7}, {"m_to_u1", 7}};

/* As managers do: first the one to write, which waits for the reader, then the one to read. */
static const char manager[] = "exec 3>>/fifo/m_to_u0; exec 4</fifo/u0_to_m;"
                              "exec 5>>/fifo/m_to_u1; exec 6</fifo/u1_to_m;"
                              "echo 20 >&3; echo 22 >&5; read a <&4; read b <&6; echo $((a+b))";
static const char user0[] = "exec </fifo/m_to_u0; exec >/fifo/u0_to_m; read x; echo $x";
static const char user1[] = "exec </fifo/m_to_u1; exec >/fifo/u1_to_m; read x; echo $x";

static void run_fifos(struct sandbox_job jobs[3], struct sandbox_result r[3])
{
    struct err e = {0};
    struct sandbox_group g = {.jobs = jobs, .n_jobs = 3, .fifos = four_fifos, .n_fifos = 4};
    ASSERT_OK(sandbox_run_group(box_fixture.box, &g, r, &box_fixture.keep, &e), e);
}

static void check_fifos(void)
{
    struct sandbox_result r[3];
    struct sandbox_job jobs[] = {box_fixture_shell(manager), box_fixture_shell(user0),
                                 box_fixture_shell(user1)};
    run_fifos(jobs, r);
    cr_expect(str_eq(r[0].out, STR("42\n")), "%s %.*s %.*s", sandbox_end_name(r[0].end),
              STR_ARG(r[0].out), STR_ARG(r[0].err));
    cr_expect_eq(r[1].end, SANDBOX_EXITED);
    cr_expect_eq(r[2].end, SANDBOX_EXITED);
}

Test(sandbox_group, a_manager_talks_to_two_processes_over_fifos)
{
    needs_namespaces();
    check_fifos();
}

/* Arguments, as managers and users get them; the only way that works without namespaces, too. */
static struct sandbox_job fifo_job(const char *line, const char *write, const char *read)
{
    struct sandbox_job job = box_fixture_shell(line);
    struct str *argv = NEW(&box_fixture.keep, struct str, 6);
    memcpy(argv, job.argv, 3 * sizeof *argv);
    argv[3] = STR("prog");
    argv[4] = str_of(write);
    argv[5] = str_of(read);
    job.argv = argv;
    job.n_argv = 6;
    return job;
}

static void check_fifo_arguments(void)
{
    struct err e = {0};
    struct sandbox_result r[2];
    struct sandbox_job jobs[] = {
        fifo_job("exec 3>>$1; exec 4<$2; echo 41 >&3; read x <&4; echo $x", "/fifo/m_to_u0",
                 "/fifo/u0_to_m"),
        fifo_job("exec <$2; exec >$1; read x; echo $((x+1))", "/fifo/u0_to_m", "/fifo/m_to_u0")};
    struct sandbox_group g = {.jobs = jobs, .n_jobs = 2, .fifos = four_fifos, .n_fifos = 4};
    ASSERT_OK(sandbox_run_group(box_fixture.box, &g, r, &box_fixture.keep, &e), e);
    cr_expect(str_eq(r[0].out, STR("42\n")), "%.*s%.*s", STR_ARG(r[0].out), STR_ARG(r[0].err));
    cr_expect_eq(r[1].code, 0, "%.*s", STR_ARG(r[1].err));
}

Test(sandbox_group, fifos_are_named_by_arguments)
{
    check_fifo_arguments();
}

Test(sandbox_group_fallback, fifos_are_named_by_arguments)
{
    check_fifo_arguments();
}

Test(sandbox_group, a_process_that_dies_before_it_opens_its_fifo_hangs_nobody)
{
    struct sandbox_result r[3];
    needs_namespaces();
    struct sandbox_job jobs[] = {box_fixture_shell(manager), box_fixture_shell(user0),
                                 box_fixture_shell("exit 9")};
    jobs[0].outlive_ms = 300;
    jobs[1].outlive_ms = 300;
    jobs[0].limits.wall_ms = 30000;
    jobs[1].limits.wall_ms = 1000;
    run_fifos(jobs, r);
    cr_expect_eq(r[2].code, 9);
    cr_expect_eq(r[1].end, SANDBOX_WALL, "%s", sandbox_end_name(r[1].end));
    cr_expect_eq(r[0].end, SANDBOX_STOPPED, "%s", sandbox_end_name(r[0].end));
    cr_expect_lt(r[0].wall_us, 10000000);
}

Test(sandbox_group, nobody_can_take_a_fifo_away_or_put_one)
{
    struct sandbox_result r[3];
    needs_namespaces();
    struct sandbox_job jobs[] = {
        box_fixture_shell(
            "rm -f /fifo/u0_to_m; mkfifo /fifo/mine; mv /fifo/m_to_u0 /fifo/x; ls /fifo"),
        box_fixture_shell("true"), box_fixture_shell("true")};
    run_fifos(jobs, r);
    cr_expect(str_eq(r[0].out, STR("m_to_u0\nm_to_u1\nu0_to_m\nu1_to_m\n")), "%.*s",
              STR_ARG(r[0].out));
    struct err e = {0};
    struct sandbox_result alone;
    struct sandbox_job ls = box_fixture_shell("ls -A /fifo");
    ASSERT_OK(sandbox_run(box_fixture.box, &ls, &alone, &box_fixture.keep, &e), e);
    cr_expect_eq(alone.out.n, 0, "%.*s", STR_ARG(alone.out));
}
