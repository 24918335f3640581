#include "harness/cli.h"
#include "tests/support/support.h"

struct got {
    bool json;
    bool compat;
    bool given;
    int mode;
    const char *model;
    int64_t samples;
    uint64_t seed;
    double top_p;
    struct cli_list files;
    struct cli c;
    struct err e;
    bool ok;
};

static struct got read_words(int argc, const char **argv)
{
    static struct got g;
    g = (struct got){.compat = true, .samples = 4};
    static const struct cli_option options[] = {
        OPTION_FLAG("json", &g.json, ""),
        OPTION_SWITCH("template-compat", &g.compat, ""),
        OPTION_WORD("mode", "thinking|chat", &g.mode, "", .is_given = &g.given),
        OPTION_TEXT("model", "DIR", &g.model, "", .env = true),
        OPTION_I64("samples", &g.samples, 1, 100, ""),
        OPTION_U64("seed", &g.seed, ""),
        OPTION_F64("top-p", &g.top_p, 0.0, 1.0, ""),
        OPTION_LIST("file", "F", &g.files, ""),
    };
    g.c = (struct cli){.command = "test",
                       .argc = argc,
                       .argv = (char **)(uintptr_t)argv,
                       .synopsis = "SUITE",
                       .n_arguments_max = 2};
    CLI_TABLE(&g.c, options);
    g.ok = cli_read(&g.c, &g.e);
    return g;
}

#define READ(...)                                                                                  \
    read_words((int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *)),                      \
               (const char *[]){__VA_ARGS__})

#define REFUSED(g, ...)                                                                            \
    do {                                                                                           \
        cr_assert_not((g).ok);                                                                     \
        cr_assert_eq((g).e.cls, ERR_USAGE);                                                        \
        cr_assert_str_eq((g).e.text, __VA_ARGS__);                                                 \
    } while (0)

Test(cli, values_come_with_equals_or_as_the_next_word)
{
    struct got g = READ("arith", "--samples=7", "--seed", "18446744073709551615", "--json",
                        "--top-p", "0.95", "--mode=chat", "--model", "dir=with=equals");
    cr_assert(g.ok, "%s", g.e.text);
    cr_assert_eq(g.samples, 7);
    cr_assert_eq(g.seed, UINT64_MAX);
    cr_assert_eq(g.top_p, 0.95);
    cr_assert_eq(g.mode, 1);
    cr_assert(g.given);
    cr_assert(g.json);
    cr_assert(g.compat);
    cr_assert_str_eq(g.model, "dir=with=equals");
    cr_assert_eq(g.c.n_arguments, 1);
    cr_assert_str_eq(g.c.arguments[0], "arith");
}

Test(cli, a_switch_turns_off_in_two_ways)
{
    cr_assert_not(READ("--template-compat=off").compat);
    cr_assert_not(READ("--no-template-compat").compat);
    cr_assert(READ("--template-compat").compat);
    cr_assert(READ("--no-template-compat", "--template-compat=on").compat);
}

Test(cli, unknown_options_name_the_nearest)
{
    REFUSED(READ("--sample", "3"), "test: no option --sample; did you mean --samples?");
    REFUSED(READ("--top_p=1"), "test: no option --top_p; did you mean --top-p?");
    REFUSED(READ("--jason"), "test: no option --jason; did you mean --json?");
    REFUSED(READ("--frobnicate"), "test: no option --frobnicate; podium test --help lists them");
    REFUSED(READ("-s"), "test: no option -s; options are written --name");
    REFUSED(READ("--no-json"), "test: no option --no-json; podium test --help lists them");
}

Test(cli, numbers_are_checked)
{
    REFUSED(READ("--samples", "4x"), "--samples 4x: not a whole number");
    REFUSED(READ("--samples", "0"), "--samples 0: must be from 1 to 100");
    REFUSED(READ("--samples", "101"), "--samples 101: must be from 1 to 100");
    REFUSED(READ("--samples"), "--samples needs a value: N");
    REFUSED(READ("--seed", "-1"), "--seed -1: not a whole number from 0 up");
    REFUSED(READ("--top-p", "1.01"), "--top-p 1.01: must be from 0 to 1");
    REFUSED(READ("--top-p", "nan"), "--top-p nan: not a number");
    REFUSED(READ("--mode", "both"), "--mode both: must be one of thinking|chat");
    REFUSED(READ("--json=1"), "--json takes no value");
}

Test(cli, arguments_are_counted_and_dashes_end_options)
{
    REFUSED(READ("a", "b", "c"), "test: unexpected argument 'c'; usage: podium test SUITE");
    struct got g = READ("--", "--json", "-");
    cr_assert(g.ok, "%s", g.e.text);
    cr_assert_not(g.json);
    cr_assert_eq(g.c.n_arguments, 2);
    cr_assert_str_eq(g.c.arguments[0], "--json");
}

Test(cli, the_environment_loses_to_the_command_line)
{
    cr_assert_eq(setenv("PODIUM_MODEL", "from-environment", 1), 0);
    cr_assert_eq(setenv("PODIUM_SAMPLES", "99", 1), 0);
    cr_assert_str_eq(READ("x").model, "from-environment");
    cr_assert_str_eq(READ("x", "--model", "from-line").model, "from-line");
    cr_assert_eq(READ("x").samples, 4, "an option not marked env is not read from it");
}

Test(cli, nearest_needs_to_be_near)
{
    const char *const known[] = {"run", "report", "suites", NULL};
    cr_assert_str_eq(cli_nearest("reprot", known), "report");
    cr_assert_str_eq(cli_nearest("suite", known), "suites");
    cr_assert_str_eq(cli_nearest("rep", known), "report");
    cr_assert_null(cli_nearest("xyz", known));
    cr_assert_null(cli_nearest("", known));
}

Test(cli, a_list_grows_with_every_mention)
{
    struct got g = READ("--file", "a", "--json", "--file=b", "--file", "");
    cr_assert(g.ok, "%s", g.e.text);
    cr_assert_eq(g.files.n, 3);
    cr_assert_str_eq(g.files.at[0], "a");
    cr_assert_str_eq(g.files.at[1], "b");
    cr_assert_str_eq(g.files.at[2], "");
}

static struct got read_wrapped(int argc, const char **argv)
{
    static struct got g;
    static const struct cli_option options[] = {
        OPTION_FLAG("json", &g.json, ""),
        OPTION_I64("samples", &g.samples, 1, 100, ""),
    };
    g = (struct got){.samples = 4};
    g.c = (struct cli){.command = "test",
                       .argc = argc,
                       .argv = (char **)(uintptr_t)argv,
                       .synopsis = "[options] -- CMD",
                       .summary = "",
                       .example = "",
                       .n_arguments_max = 8,
                       .is_wrapper = true};
    CLI_TABLE(&g.c, options);
    g.ok = cli_read(&g.c, &g.e);
    return g;
}

#define WRAPPED(...)                                                                               \
    read_wrapped((int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *)),                    \
                 (const char *[]){__VA_ARGS__})

Test(cli, the_words_after_a_wrappers_command_are_the_commands)
{
    struct got g = WRAPPED("--samples", "7", "ls", "--json", "--help", "-l", "--");
    cr_assert(g.ok, "%s", g.e.text);
    cr_assert_not(g.c.is_help);
    cr_assert_not(g.json);
    cr_assert_eq(g.samples, 7);
    cr_assert_eq(g.c.n_arguments, 5);
    cr_assert_str_eq(g.c.arguments[1], "--json");
    cr_assert_str_eq(g.c.arguments[4], "--");
    g = WRAPPED("--json", "--", "--samples", "x");
    cr_assert(g.ok, "%s", g.e.text);
    cr_assert(g.json);
    cr_assert_eq(g.c.n_arguments, 2);
    cr_assert_str_eq(g.c.arguments[0], "--samples");
    g = WRAPPED("--samples", "7", "--help", "ls");
    cr_assert(g.c.is_help);
}
