/* podium answer over the real program: other programs rely on its words, order and exit codes. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "tests/support/shell.h"
#include "tests/support/support.h"

static bool has(const struct buf *b, const char *words)
{
    return str_find(buf_str(b), str_of(words), 0) >= 0;
}

static void answers(const char *args, struct str input, int rc, const char *words)
{
    struct shell s = shell_podium(args, input);
    cr_assert_eq(s.rc, rc, "podium %s ended with %d: %s%s", args, s.rc, s.out.at, s.err.at);
    cr_assert(has(&s.out, words) || has(&s.err, words), "podium %s: no \"%s\" in: %s%s", args,
              words, s.out.at, s.err.at);
    shell_free(&s);
}

Test(answer, exit_codes_tell_the_verdict)
{
    struct str boxed = STR("So the answer is $\\boxed{\\frac12}$.");
    answers("answer --gold 0.5 --pred '\\frac{1}{2}'", STR(""), 0, "proved equal");
    answers("answer --gold 1/2 --pred 1/3", STR(""), 1, "proved different");
    answers("answer --gold 1/2 --pred ' '", STR(""), 1, "no_answer");
    answers("answer --gold '5 cm' --pred 5 --units strict", STR(""), 4, "undecided");
    answers("answer --gold '5 cm' --pred 5", STR(""), 0, "level       P");
    answers("answer --gold 1/2 --response -", boxed, 0, "\\boxed{>>>\\frac12<<<}$.");
    answers("answer --gold 1/2 --response -", STR("\\boxed{1} no, \\boxed{1/"), 1, "no_answer");
    answers("answer --gold 7 --response -", STR("I cannot tell."), 1, "no_answer");
    answers("answer --gold B --kind choice --response -", STR("Answer: **B**"), 0, "option B is");
    answers("answer --gold B --options red --options blue --pred blue", STR(""), 0, "option B is");
    answers("answer --gold B --options red --options blue --pred A", STR(""), 1, "is not option B");
    answers("answer --gold B --kind choice --response -", STR("Answer: A or B"), 4, "undecided");
    answers("answer --gold '1, 2' --pred '2, 1'", STR(""), 0, "equal");
    answers("answer --gold '1, 2' --pred '2, 1' --list-order", STR(""), 1, "different");
    answers("answer --gold 7 --response - --extraction boxed", STR("The answer is 7."), 1,
            "no_answer");
    answers("answer --gold 7 --response -", STR("The answer is 7."), 0, "equal");
}

Test(answer, what_cannot_be_looked_at_is_no_verdict)
{
    answers("answer --gold 1 --response nowhere.txt", STR(""), 3, "podium: answer: nowhere.txt");
    answers("answer --gold ' ' --pred 1", STR(""), 3, "the gold is empty");
    answers("answer --gold Q --kind choice --pred A", STR(""), 3, "names none of the options");
    answers("answer --pred 1", STR(""), 2, "--gold G must be given");
    answers("answer --gold 1", STR(""), 2, "either --pred P or --response FILE");
    answers("answer --gold 1 --pred 1 --response -", STR(""), 2, "either --pred P or");
    answers("answer --gold 1 --pred 1 --jsonl", STR(""), 2, "--jsonl takes gold");
    answers("answer --gold 1 --pred 1 --options a --kind math", STR(""), 2, "--kind choice");
    answers("answer --gold 1 --pred 1 --units metric", STR(""), 2, "optional|strict|ignore");
}

Test(answer, json_has_the_five_members_and_what_explains_them)
{
    struct shell s =
        shell_podium("answer --gold 1/2 --response - --json", STR("\xc3\xa9 so \\boxed{0.5} \x01"));
    struct json *j = NULL;
    struct err e = {0};
    struct str text = {0};
    int64_t from = 0;
    ASSERT_OK(json_parse(buf_str(&s.out), "answer", &j, &e), e);
    cr_assert(json_str(json_get(j, "verdict"), &text) && str_eq(text, STR("equal")));
    cr_assert(json_str(json_get(j, "level"), &text) && str_eq(text, STR("E2")));
    cr_assert(json_str(json_get(j, "extracted"), &text) && str_eq(text, STR("0.5")));
    cr_assert(json_str(json_get(j, "rule"), &text) && str_eq(text, STR("boxed")));
    cr_assert(json_str(json_get(j, "why"), &text) && text.n > 0);
    cr_assert(json_i64(json_first(json_get(j, "span")), &from) && from == 13, "bytes");
    cr_assert_eq(json_kind(json_get(j, "policies")), JSON_OBJECT);
    cr_assert(json_str(json_get(json_get(j, "gold"), "read"), &text) && str_eq(text, STR("1/2")));
    json_free(j);
    shell_free(&s);
}

/* ---- streams ---- */

static const struct {
    const char *in;
    const char *out; /* the line begins so */
} lines[] = {
    {"{\"gold\":\"1/2\",\"pred\":\"0.5\",\"id\":7}",
     "{\"id\": 7, \"verdict\": \"equal\", \"level\": \"E2\", \"extracted\": \"0.5\", \"span\": "
     "null,"
     " \"why\": \""},
    {"{\"gold\": 3, \"response\": \"It is \\\\boxed{4}.\", \"id\": \"a\"}",
     "{\"id\": \"a\", \"verdict\": \"different\", \"level\": \"D2\", \"extracted\": \"4\", "
     "\"span\": "
     "[13, 14], \"why\": \""},
    {"", "{\"error\": \"the line is empty\", \"line\": 3}"},
    {"   ", "{\"error\": \"the line is empty\", \"line\": 4}"},
    {"{\"gold\":\"1\"", "{\"error\": \"byte 11: "},
    {"[]", "{\"error\": \"a line must be a JSON object\", \"line\": 6}"},
    {"{\"gold\":\"1\",\"pred\":\"1\",\"polices\":{}}",
     "{\"error\": \"unknown key \\\"polices\\\"; nearest known: \\\"policies\\\"\", \"line\": 7}"},
    {"{\"gold\":\"1\",\"id\":\"x\"}", "{\"id\": \"x\", \"error\": \"either \\\"pred\\\" or "
                                      "\\\"response\\\" must be given\", \"line\": "
                                      "8}"},
    {"{\"gold\":\"1\",\"pred\":\"1\",\"response\":\"1\"}", "{\"error\": \"either "},
    {"{\"gold\":1.5,\"pred\":\"1\"}",
     "{\"error\": \"\\\"gold\\\" must be given, as text or a whole"},
    {"{\"gold\":\"1\",\"pred\":null}", "{\"error\": \"\\\"pred\\\" must be given"},
    {"{\"gold\":\"1\",\"response\":5}", "{\"error\": \"\\\"response\\\" must be text"},
    {"{\"gold\":123456789012345678901234567890,\"pred\":\"123456789012345678901234567890\"}",
     "{\"verdict\": \"equal\", \"level\": \"E2\", \"extracted\": \"1234567890123"},
    {"{\"gold\":\"b\",\"response\":\"Answer: (B)\",\"kind\":\"choice\"}",
     "{\"error\": \"the gold \\\"b\\\" names none of the options\""},
    {"{\"gold\":\"B\",\"response\":\"Answer: (B)\",\"kind\":\"choice\",\"options\":4}",
     "{\"verdict\": \"equal\", \"level\": \"E2\", \"extracted\": \"B\", "},
    {"{\"gold\":\"B\",\"response\":\"It is blue.\\nAnswer: blue\",\"options\":[\"red\",\"blue\"]}",
     "{\"verdict\": \"equal\", \"level\": \"E2\", \"extracted\": \"B\", "},
    {"{\"gold\":\"1\",\"pred\":\"1\",\"options\":[\"a\"],\"kind\":\"math\"}", "{\"error\": "},
    {"{\"gold\":\"A\",\"pred\":\"A\",\"options\":[]}",
     "{\"error\": \"\\\"options\\\" must be 1 to"},
    {"{\"gold\":\"A\",\"pred\":\"A\",\"options\":99}",
     "{\"error\": \"\\\"options\\\" must be from"},
    {"{\"gold\":\"A\",\"pred\":\"A\",\"kind\":\"prose\"}", "{\"error\": \"\\\"kind\\\" must be"},
    {"{\"gold\":\"5 cm\",\"pred\":\"5\",\"policies\":{\"units\":\"strict\"}}",
     "{\"verdict\": \"undecided\", \"level\": \"U\", "},
    {"{\"gold\":\"5 cm\",\"pred\":\"5\"}", "{\"verdict\": \"equal\", \"level\": \"P\", "},
    {"{\"gold\":\"5\",\"pred\":\"5\",\"policies\":{\"unit\":\"strict\"}}", "{\"error\": "},
    {"{\"gold\":\"5\",\"pred\":\"5\",\"policies\":[]}",
     "{\"error\": \"\\\"policies\\\" must be an"},
    {"{\"gold\":\"5\",\"response\":\"The answer is 5.\",\"extraction\":\"boxed\"}",
     "{\"verdict\": \"no_answer\", \"level\": null, \"extracted\": \"\", \"span\": null, "
     "\"why\": "},
    {"{\"gold\":\"5\",\"response\":\"x\",\"extraction\":\"all\"}", "{\"error\": "},
    {"{\"gold\":\"2\",\"response\":\"\\ud800 \\\\boxed{2}\\u0000\"}",
     "{\"verdict\": \"equal\", \"level\": \"E2\", \"extracted\": \"2\", \"span\": [11, 12], "},
    {"{\"gold\":\"2\",\"pred\":\"2\",\"id\":{}}",
     "{\"error\": \"\\\"id\\\" must be text or a whole"},
    {"{\"gold\":\"2\",\"pred\":\"\xff\"}", "{\"error\": \"byte 20: "},
    {"{\"gold\":\"2\",\"pred\":\"\"}", "{\"verdict\": \"no_answer\", \"level\": null, "},
    {"{\"gold\":\"\",\"pred\":\"\"}", "{\"error\": \"the gold is empty\""},
};
enum { N_LINES = sizeof lines / sizeof *lines };

static void check_lines(struct str out)
{
    struct str line;
    int64_t n = 0;
    while (str_split(&out, '\n', &line) && n < N_LINES) {
        cr_assert(str_starts(line, str_of(lines[n].out)), "line %d: %.*s\nnot %s", (int)n + 1,
                  STR_ARG(line), lines[n].out);
        n++;
    }
    cr_assert_eq(n, N_LINES);
}

Test(answer, each_line_has_its_line_in_order_and_errors_are_lines_too)
{
    for (int ends = 0; ends < 2; ends++) { /* with and without a line end at the very end */
        struct buf in = {0};
        for (int i = 0; i < N_LINES; i++)
            buf_fmt(&in, "%s%s", lines[i].in, i + 1 < N_LINES || ends ? "\n" : "");
        struct shell s = shell_podium("answer --jsonl --jobs 3", buf_str(&in));
        cr_assert_eq(s.rc, 3, "%s", s.err.at);
        check_lines(buf_str(&s.out));
        cr_assert(has(&s.err, "of 31 lines could not be read"), "%s", s.err.at);
        shell_free(&s);
        buf_free(&in);
    }
    answers("answer --jsonl", STR("{\"gold\":\"1\",\"pred\":\"2\"}\n"), 0, "different");
    answers("answer --jsonl", STR(""), 0, "");
    answers("answer --jsonl < /", STR(""), 1, "standard input: ");
    answers("answer --jsonl > /dev/full", STR("{\"gold\":\"1\",\"pred\":\"2\"}\n"), 1,
            "standard output: No space left");
}

static void make_many(struct buf *in, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        buf_fmt(in, "{\"id\": %d, \"gold\": \"%d\", \"pred\": \"%d/2\"}\n", (int)i, (int)i,
                (int)(2 * i + (i % 3 == 0)));
}

Test(answer, many_lines_on_many_threads_come_out_as_on_one)
{
    struct buf in = {0};
    make_many(&in, SUPPORT_SIZE(20000));
    struct shell one = shell_podium("answer --jsonl --jobs 1", buf_str(&in));
    struct shell many = shell_podium("answer --jsonl --jobs 7", buf_str(&in));
    cr_assert_eq(one.rc, 0);
    cr_assert_eq(many.rc, 0);
    cr_assert(str_eq(buf_str(&one.out), buf_str(&many.out)));
    struct str rest = buf_str(&one.out);
    struct str line;
    for (int64_t i = 0; i < SUPPORT_SIZE(20000); i++) {
        char want[80];
        cr_assert(str_split(&rest, '\n', &line));
        (void)snprintf(want, sizeof want, "{\"id\": %d, \"verdict\": \"%s\"", (int)i,
                       i % 3 == 0 ? "different" : "equal");
        cr_assert(str_starts(line, str_of(want)), "%.*s", STR_ARG(line));
    }
    shell_free(&one);
    shell_free(&many);
    buf_free(&in);
}

Test(answer, long_lines_are_read_and_too_long_ones_refused_in_their_place)
{
    struct buf in = {0};
    buf_put(&in, STR("{\"gold\": \"4\", \"response\": \""));
    while (in.n < 10 * LIMIT_MIB)
        buf_put(&in, STR("words and $x^2$ and more words "));
    buf_put(&in, STR("\\\\boxed{4}\"}\n"));
    int64_t n_long = in.n;
    while (in.n < n_long + LIMIT_REPLY_BYTES + 100000)
        buf_put(&in, STR("{\"gold\": \"4\", \"pred\": \"4\"} this line never ends "));
    buf_put(&in, STR("\n{\"gold\": \"4\", \"pred\": \"5\"}\n"));
    struct shell s = shell_podium("answer --jsonl --jobs 2", buf_str(&in));
    struct str rest = buf_str(&s.out);
    struct str line;
    cr_assert_eq(s.rc, 3);
    cr_assert(str_split(&rest, '\n', &line));
    cr_assert(str_starts(line, STR("{\"verdict\": \"equal\"")), "%.*s", STR_ARG(line));
    cr_assert(str_split(&rest, '\n', &line));
    cr_assert(str_eq(line, STR("{\"error\": \"the line is too long\", \"line\": 2}")), "%.*s",
              STR_ARG(line));
    cr_assert(str_split(&rest, '\n', &line));
    cr_assert(str_starts(line, STR("{\"verdict\": \"different\"")), "%.*s", STR_ARG(line));
    cr_assert(str_split(&rest, '\n', &line) && line.n == 0 && !str_split(&rest, '\n', &line));
    shell_free(&s);
    buf_free(&in);
}

/* A program that waits for each answer before it asks the next question must get it. */
Test(answer, an_answer_comes_before_the_next_line_does)
{
    char command[2 * LIMIT_PATH_BYTES];
    char line[512];
    int to[2];
    int from[2];
    cr_assert_eq(pipe(to), 0);
    cr_assert_eq(pipe(from), 0);
    (void)snprintf(command, sizeof command, "%s/podium", support_build());
    pid_t pid = fork();
    cr_assert_geq(pid, 0);
    if (pid == 0) {
        (void)dup2(to[0], 0);
        (void)dup2(from[1], 1);
        (void)close(to[1]);
        (void)close(from[0]);
        (void)execl(command, "podium", "answer", "--jsonl", "--jobs", "2", (char *)NULL);
        _exit(127);
    }
    (void)close(to[0]);
    (void)close(from[1]);
    FILE *in = fdopen(from[0], "r");
    for (int i = 0; i < 5; i++) {
        char ask[64];
        int n = snprintf(ask, sizeof ask, "{\"gold\": %d, \"pred\": %d, \"id\": %d}\n", i, i, i);
        cr_assert_eq(write(to[1], ask, (size_t)n), n);
        cr_assert_not_null(fgets(line, sizeof line, in), "no answer while input is open");
        (void)snprintf(ask, sizeof ask, "{\"id\": %d, \"verdict\": \"equal\"", i);
        cr_assert(str_starts(str_of(line), str_of(ask)), "%s", line);
    }
    int status = 0;
    (void)close(to[1]);
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    (void)fclose(in);
}
