/* podium box and podium checkup over the real program. Their output is a contract. */
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "tests/support/shell.h"
#include "tests/support/support.h"

/* The account on the one line of standard output. */
static struct json *account(const char *args, const char *input, int rc)
{
    struct shell s = shell_podium(args, str_of(input));
    struct json *j = NULL;
    struct err e = {0};
    if (s.rc == 3)
        support_skip("box", s.err.at);
    cr_assert_eq(s.rc, rc, "podium %s ended with %d: %s", args, s.rc, s.err.at);
    ASSERT_OK(json_parse(buf_str(&s.out), "stdout", &j, &e), e);
    shell_free(&s);
    return j;
}

static bool text_is(const struct json *j, const char *key, const char *want)
{
    struct str got = {0};
    return json_str(json_get(j, key), &got) && str_eq(got, str_of(want));
}

static int64_t number_of(const struct json *j, const char *key)
{
    int64_t v = -1;
    cr_expect(json_i64(json_get(j, key), &v), "no number \"%s\"", key);
    return v;
}

static double measure_of(const struct json *j, const char *key)
{
    double v = -1;
    cr_expect(json_f64(json_get(j, key), &v), "no number \"%s\"", key);
    return v;
}

Test(box, says_how_a_command_ended_and_what_it_wrote)
{
    /* 2 MB in a variable: less than 64 pages may be taken from what the kernel charged ahead */
    struct json *j = account(
        "box --json -- sh -c 'v=$(printf %02000000d 1); echo out; echo err >&2; exit 7'", "", 1);
    cr_expect(text_is(j, "end", "exited"));
    cr_expect_eq(number_of(j, "code"), 7);
    cr_expect_eq(number_of(j, "signal"), 0);
    cr_expect(text_is(j, "stdout", "out\n"));
    cr_expect(text_is(j, "stderr", "err\n"));
    cr_expect_eq(number_of(j, "stdout_bytes"), 4);
    cr_expect_gt(measure_of(j, "cpu_ms"), 0);
    cr_expect_gt(measure_of(j, "wall_ms"), 0);
    cr_expect_gt(number_of(j, "memory_kib"), 1000);
    cr_expect_not_null(json_get(j, "isolation"));
    cr_expect_not_null(json_get(j, "accounting"));
    json_free(j);
}

Test(box, reads_the_same_without_json_on_several_lines)
{
    struct shell s = shell_podium("box -- printf '{[,\"%s\\\\' x", STR(""));
    struct json *j = NULL;
    struct err e = {0};
    if (s.rc == 3)
        support_skip("box", s.err.at);
    cr_assert_eq(s.rc, 0, "%s", s.err.at);
    cr_expect(str_starts(buf_str(&s.out), STR("{\n  \"end\": \"exited\",\n  \"code\": 0,\n")), "%s",
              s.out.at);
    cr_expect(str_ends(buf_str(&s.out), STR("\n}\n")), "%s", s.out.at);
    ASSERT_OK(json_parse(buf_str(&s.out), "stdout", &j, &e), e);
    cr_expect(text_is(j, "stdout", "{[,\"x\\"), "%s", s.out.at);
    json_free(j);
    shell_free(&s);
}

Test(box, each_limit_is_an_option_and_has_its_end)
{
    static const struct {
        const char *args;
        const char *end;
    } cases[] = {
        {"box --json --cpu-ms 200 -- sh -c 'while :; do :; done'", "cpu"},
        {"box --json --wall-ms 300 -- sleep 100", "wall"},
        {"box --json --stdout-kb 8 -- head -c 20000 /dev/zero", "output"},
        {"box --json --stderr-kb 8 -- sh -c 'head -c 20000 /dev/zero >&2'", "output"},
        {"box --json --file-mb 1 -- head -c 4000000 /dev/zero", "exited"},
        {"box --json --memory-mb 32 -- sh -c 'head -c 90000000 /dev/zero | tail -n 1'", "memory"},
        {"box --json -- sh -c 'kill -SEGV $$'", "signalled"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool is_exit = str_eq(str_of(cases[i].end), STR("exited"));
        struct json *j = account(cases[i].args, "", is_exit ? 0 : 1);
        cr_expect(text_is(j, "end", cases[i].end), "podium %s", cases[i].args);
        json_free(j);
    }
}

Test(box, passes_the_output_through_when_asked)
{
    struct shell s = shell_podium("box --out --json --input - -- sh -c 'cat; echo oops >&2'",
                                  STR("a\0b\xff without an end"));
    struct json *j = NULL;
    struct err e = {0};
    if (s.rc == 3)
        support_skip("box", s.err.at);
    cr_assert_eq(s.rc, 0, "%s", s.err.at);
    cr_expect(str_eq(buf_str(&s.out), STR("a\0b\xff without an end")));
    cr_expect(str_starts(buf_str(&s.err), STR("oops\n{")), "%s", s.err.at);
    ASSERT_OK(json_parse(str_sub(buf_str(&s.err), 5, s.err.n), "stderr", &j, &e), e);
    cr_expect_null(json_get(j, "stdout"));
    cr_expect_eq(number_of(j, "stdout_bytes"), 19);
    json_free(j);
    shell_free(&s);
}

Test(box, takes_files_in_and_out)
{
    char args[3 * LIMIT_PATH_BYTES];
    char tool[LIMIT_PATH_BYTES];
    char data[LIMIT_PATH_BYTES];
    char made[LIMIT_PATH_BYTES];
    struct err e = {0};
    struct arena keep;
    arena_init(&keep, "test", LIMIT_MIB);
    cr_assert(file_join(support_temp(), "tool", tool, sizeof tool));
    cr_assert(file_join(support_temp(), "data", data, sizeof data));
    cr_assert(file_join(support_temp(), "out/made", made, sizeof made));
    ASSERT_OK(file_write(tool, STR("#!/bin/sh\ncat data - > made; echo $1 $COLOUR\n"), &e), e);
    ASSERT_OK(file_write(data, STR("from a file, "), &e), e);
    (void)snprintf(args, sizeof args,
                   "box --json --file %s --input - --env COLOUR=blue --take made --take gone "
                   "--into %s/out -- %s/tool --json",
                   data, support_temp(), support_temp());
    struct json *j = account(args, "from a pipe", 0);
    cr_expect(text_is(j, "stdout", "--json blue\n"), "the command's own option");
    const struct json *taken = json_get(j, "taken");
    bool is_there = false;
    cr_expect_eq(json_count(taken), 2);
    cr_expect(json_bool(json_get(json_first(taken), "is_there"), &is_there) && is_there);
    cr_expect(json_bool(json_get(json_next(json_first(taken)), "is_there"), &is_there) &&
              !is_there);
    cr_expect(str_eq(support_read(made, &keep), STR("from a file, from a pipe")));
    json_free(j);
    arena_fini(&keep);
}

Test(box, refuses_what_makes_no_sense)
{
    static const struct {
        const char *args;
        int rc;
        const char *says;
    } cases[] = {
        {"box", 2, "an argument is missing"},
        {"box --cpu-ms 0 -- true", 2, "must be from 1"},
        {"box --profile best -- true", 2, "native|compiler|jvm|interpreter"},
        {"box --env x -- true", 2, "NAME=VALUE"},
        {"box -- no-such-command", 2, "no command 'no-such-command'"},
        {"box -- ./no-such-file", 3, "no-such-file"},
        {"box --file nowhere -- true", 3, "nowhere"},
        {"box --input nowhere -- true", 3, "nowhere"},
        {"box --take ../escape -- true", 2, "a path below /box"},
        {"box --take /etc/passwd -- true", 2, "a path below /box"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct shell s = shell_podium(cases[i].args, STR(""));
        cr_expect_eq(s.rc, cases[i].rc, "podium %s ended with %d: %s", cases[i].args, s.rc,
                     s.err.at);
        cr_expect_eq(s.out.n, 0, "podium %s printed %s", cases[i].args, s.out.at);
        cr_expect(str_find(buf_str(&s.err), str_of(cases[i].says), 0) >= 0, "podium %s: %s",
                  cases[i].args, s.err.at);
        shell_free(&s);
    }
}

Test(box, has_a_weaker_one_without_namespaces)
{
    struct str isolation = {0};
    struct json *j = account("box --json --no-namespaces -- sh -c 'echo here > f; cat f'", "", 0);
    cr_expect(text_is(j, "stdout", "here\n"));
    cr_expect(json_str(json_get(j, "isolation"), &isolation));
    cr_expect_lt(str_find(isolation, STR("namespaces"), 0), 0);
    cr_expect(text_is(j, "why_not", "not wanted"));
    json_free(j);
}

/* Fit or not depends on what else the machine does; what is said does not. */
Test(checkup, says_whether_times_can_be_trusted_and_why_not)
{
    struct shell s = shell_podium("checkup --json", STR(""));
    struct json *j = NULL;
    struct err e = {0};
    struct str unfit = {0};
    bool is_fit = false;
    ASSERT_OK(json_parse(buf_str(&s.out), "stdout", &j, &e), e);
    cr_assert(json_bool(json_get(j, "is_fit"), &is_fit));
    cr_assert(json_str(json_get(j, "unfit"), &unfit));
    cr_expect_eq(is_fit, unfit.n == 0);
    cr_expect_eq(s.rc, is_fit ? 0 : 1);
    const struct json *machine = json_get(j, "machine");
    cr_expect_gt(measure_of(machine, "loop_cpu_ms"), 0);
    cr_expect_gt(number_of(machine, "processors"), 0);
    int64_t n_bad = 0;
    for (const struct json *row = json_first(json_get(j, "rows")); row != NULL;
         row = json_next(row)) {
        cr_expect(text_is(row, "state", "ok") == (json_get(row, "advice") == NULL) ||
                  text_is(row, "state", "bad"));
        n_bad += text_is(row, "state", "bad");
    }
    cr_expect_eq(n_bad > 0, !is_fit, "%lld bad rows", (long long)n_bad);
    json_free(j);
    shell_free(&s);
}

Test(checkup, prints_a_table_for_people)
{
    struct shell s = shell_podium("checkup", STR(""));
    struct str out = buf_str(&s.out);
    cr_expect(s.rc == 0 || s.rc == 1, "%d", s.rc);
    cr_expect_eq(s.err.n, 0, "%s", s.err.at);
    cr_expect_gt(str_find(out, STR(" reference loop "), 0), 0, "%s", s.out.at);
    cr_expect_gt(str_find(out, STR("fit to judge by time"), 0), 0, "%s", s.out.at);
    shell_free(&s);
}
