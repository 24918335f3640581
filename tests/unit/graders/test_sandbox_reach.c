/* The fallback's working folder must be one that the program's own uid can walk down to: programs
 * resolve absolute paths of their own (Python does, to open its script), and one that cannot would
 * look like a wrong submission. */
#include <stdio.h>
#include <sys/stat.h>

#include "graders/sandbox/sandbox.h"
#include "tests/support/support.h"

Test(sandbox_reach, without_namespaces_a_program_can_open_its_own_absolute_path)
{
    char box_path[1024];
    char private[1024];
    struct err e = {0};
    struct sandbox *box = NULL;
    struct sandbox_result r;
    struct arena keep;
    arena_init(&keep, "test", 512 * LIMIT_MIB);
    (void)snprintf(box_path, sizeof box_path, "%s/podium-box", support_build());
    (void)snprintf(private, sizeof private, "%s/private", support_temp());
    cr_assert_eq(mkdir(private, 0700), 0);
    struct sandbox_options o = {.box_path = box_path, .no_namespaces = true};
    ASSERT_OK(sandbox_open(&box, &o, &e), e);
    struct str argv[] = {STR("/bin/sh"), STR("-c"),
                         STR("echo found >f; cat \"$(/bin/pwd)/f\" && echo $(cd / && pwd)")};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 3,
                              .work_dir = str_of(private),
                              .limits = sandbox_limits_run(2000, 256 * 1024)};
    ASSERT_OK(sandbox_run(box, &job, &r, &keep, &e), e);
    cr_expect(str_eq(r.out, STR("found\n/\n")), "out %.*s err %.*s", STR_ARG(r.out),
              STR_ARG(r.err));
    sandbox_close(box);
    arena_fini(&keep);
}
