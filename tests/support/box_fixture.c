#include "tests/support/box_fixture.h"

#include <stdio.h>

#include "tests/support/support.h"

struct box_fixture box_fixture;

static void open_box(bool no_namespaces)
{
    static char path[1024];
    struct err e = {0};
    arena_init(&box_fixture.keep, "test", LIMIT_GIB);
    (void)snprintf(path, sizeof path, "%s/podium-box", support_build());
    struct sandbox_options o = {.box_path = path, .no_namespaces = no_namespaces};
    ASSERT_OK(sandbox_open(&box_fixture.box, &o, &e), e);
}

void box_fixture_open(void)
{
    open_box(false);
}

void box_fixture_open_fallback(void)
{
    open_box(true);
}

void box_fixture_close(void)
{
    sandbox_close(box_fixture.box);
    arena_fini(&box_fixture.keep);
}

struct sandbox_job box_fixture_shell(const char *line)
{
    struct str *argv = NEW(&box_fixture.keep, struct str, 3);
    argv[0] = STR("/bin/sh");
    argv[1] = STR("-c");
    argv[2] = str_of(line);
    static const struct str env[] = {{"PATH=/usr/bin:/bin", 18}};
    return (struct sandbox_job){.argv = argv,
                                .n_argv = 3,
                                .env = env,
                                .n_env = 1,
                                .work_dir = str_of(support_temp()),
                                .limits = sandbox_limits_run(5000, 128 * LIMIT_KIB)};
}
