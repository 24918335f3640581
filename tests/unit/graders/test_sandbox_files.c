/* What goes into a box and what comes out: files of the host, folders, links in the way, and the
 * pipe at descriptor 3. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/support/box_fixture.h"
#include "tests/support/support.h"

TestSuite(sandbox_files, .init = box_fixture_open, .fini = box_fixture_close);
TestSuite(sandbox_files_fallback, .init = box_fixture_open_fallback, .fini = box_fixture_close);

static struct sandbox_result run(const struct sandbox_job *job)
{
    struct err e = {0};
    struct sandbox_result r;
    ASSERT_OK(sandbox_run(box_fixture.box, job, &r, &box_fixture.keep, &e), e);
    return r;
}

static const char *host_file(struct str bytes)
{
    struct err e = {0};
    const char *path = arena_fmt(&box_fixture.keep, "%s/host", support_temp()).at;
    ASSERT_OK(file_write(path, bytes, &e), e);
    return path;
}

static void check_host_files(void)
{
    const char *path = host_file(STR("of the host\n"));
    struct sandbox_file file = {.name = STR("in/data"), .path = path};
    struct sandbox_job job = box_fixture_shell(
        "cat in/data; cat; echo no >in/data; echo no >/proc/self/fd/0; echo no >&0");
    job.files = &file;
    job.n_files = 1;
    job.input_path = path;
    struct sandbox_result r = run(&job);
    cr_expect(str_eq(r.out, STR("of the host\nof the host\n")), "%.*s", STR_ARG(r.out));
    cr_expect(str_eq(support_read(path, &box_fixture.keep), STR("of the host\n")));
}

Test(sandbox_files, files_of_the_host_are_copied_and_cannot_be_written)
{
    check_host_files();
}

Test(sandbox_files_fallback, files_of_the_host_are_copied_and_cannot_be_written)
{
    check_host_files();
}

Test(sandbox_files, a_host_file_that_is_missing_or_no_file_costs_no_box)
{
    struct err e = {0};
    struct sandbox_result r;
    struct sandbox_job job = box_fixture_shell("cat");
    job.input_path = "/nonexistent/input";
    cr_expect_not(sandbox_run(box_fixture.box, &job, &r, &box_fixture.keep, &e));
    cr_expect(str_find(str_of(e.text), STR("/nonexistent/input"), 0) >= 0, "%s", e.text);
    job.input_path = "/dev/zero";
    cr_expect_not(sandbox_run(box_fixture.box, &job, &r, &box_fixture.keep, &e));
    job.input_path = NULL;
    cr_expect_eq(run(&job).code, 0);
}

static void check_folders(void)
{
    struct sandbox_file files[] = {{.name = STR("pkg/deep/A"), .bytes = STR("a")},
                                   {.name = STR("pkg/B"), .bytes = STR("b")},
                                   {.name = STR("feedback/")}};
    struct sandbox_take takes[] = {
        {STR("feedback/score.txt"), 100}, {STR("pkg/deep/A"), 100}, {STR("pkg/made"), 100}};
    struct sandbox_job job = box_fixture_shell(
        "cat pkg/deep/A pkg/B; ls feedback; echo 7 >feedback/score.txt; echo m >pkg/made;"
        "echo x >>pkg/deep/A || echo kept");
    job.files = files;
    job.n_files = 3;
    job.takes = takes;
    job.n_takes = 3;
    struct sandbox_result r = run(&job);
    cr_expect(str_eq(r.out, STR("abkept\n")), "%.*s%.*s", STR_ARG(r.out), STR_ARG(r.err));
    cr_expect(str_eq(r.taken[0], STR("7\n")));
    cr_expect(str_eq(r.taken[1], STR("a")));
    cr_expect(str_eq(r.taken[2], STR("m\n")));
}

Test(sandbox_files, names_may_be_paths_and_folders_may_be_written_to)
{
    check_folders();
}

Test(sandbox_files_fallback, names_may_be_paths_and_folders_may_be_written_to)
{
    check_folders();
}

static void check_links(void)
{
    struct sandbox_take takes[] = {{STR("link/passwd"), 100000},
                                   {STR("a/loot"), 100000},
                                   {STR("a/b/fifo"), 100},
                                   {STR("a"), 100},
                                   {STR("a/b/plain"), 100}};
    struct sandbox_job job =
        box_fixture_shell("ln -s /etc link; mkdir -p a/b; ln -s /etc/passwd a/loot;"
                          "mkfifo a/b/fifo; echo p >a/b/plain");
    job.takes = takes;
    job.n_takes = 5;
    struct sandbox_result r = run(&job);
    for (int i = 0; i < 4; i++)
        cr_expect_null(r.taken[i].at, "took %.*s", STR_ARG(takes[i].name));
    cr_expect(str_eq(r.taken[4], STR("p\n")));
}

Test(sandbox_files, no_link_is_followed_on_the_way_to_a_take)
{
    check_links();
}

Test(sandbox_files_fallback, no_link_is_followed_on_the_way_to_a_take)
{
    check_links();
}

Test(sandbox_files, paths_that_lead_out_are_refused)
{
    static const char *const bad[] = {"/abs", "a/../../b", "..", "a//b", "./a", "a/.", ""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = {0};
        struct sandbox_result r;
        struct sandbox_take take = {str_of(bad[i]), 10};
        struct sandbox_job job = box_fixture_shell("true");
        job.takes = &take;
        job.n_takes = 1;
        cr_expect_not(sandbox_run(box_fixture.box, &job, &r, &box_fixture.keep, &e), "%s", bad[i]);
        box_fixture_close();
        box_fixture_open();
    }
}

static void check_channel(void)
{
    struct sandbox_job job = box_fixture_shell("echo aside >&3; echo out");
    job.n_channel_max = 6;
    struct sandbox_result r = run(&job);
    cr_expect_eq(r.end, SANDBOX_EXITED);
    cr_expect(str_eq(r.channel, STR("aside\n")), "%.*s", STR_ARG(r.channel));
    cr_expect(str_eq(r.out, STR("out\n")));
    job.n_channel_max = 5;
    r = run(&job);
    cr_expect_eq(r.end, SANDBOX_OUTPUT, "%s", sandbox_end_name(r.end));
    cr_expect_eq(r.channel.n, 5);
    job.n_channel_max = 0;
    r = run(&job);
    cr_expect_eq(r.channel.n, 0);
    cr_expect(str_find(r.err, STR("3"), 0) >= 0, "descriptor 3 is open: %.*s", STR_ARG(r.err));
}

Test(sandbox_files, descriptor_3_is_a_capped_channel_where_asked_for)
{
    check_channel();
}

Test(sandbox_files_fallback, descriptor_3_is_a_capped_channel_where_asked_for)
{
    check_channel();
}

Test(sandbox_files, a_program_stays_on_its_processor)
{
    struct sandbox_job job = box_fixture_shell("grep Cpus_allowed_list /proc/self/status;"
                                               "taskset -p 0xff $$ >/dev/null 2>&1 || echo stays");
    job.cpu = 1;
    struct sandbox_result r = run(&job);
    if (r.out.n < 8)
        support_skip("proc", "this machine lets no box have its own /proc");
    cr_expect(str_eq(r.out, STR("Cpus_allowed_list:\t0\nstays\n")), "%.*s", STR_ARG(r.out));
}

Test(sandbox_files, every_profile_runs_a_shell)
{
    for (int p = SANDBOX_NATIVE; p <= SANDBOX_INTERPRETER; p++) {
        struct sandbox_job job = box_fixture_shell("ls / | head -1; ulimit -v");
        job.profile = (enum sandbox_profile)p;
        struct sandbox_result r = run(&job);
        bool is_bound = str_find(r.out, STR("unlimited"), 0) < 0;
        cr_expect_eq(r.end, SANDBOX_EXITED);
        cr_expect_eq(is_bound, p == SANDBOX_NATIVE, "%.*s", STR_ARG(r.out));
    }
}
