/* The commands that run a model, over the real program and the shipped model. */
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "tests/support/run_fixture.h"
#include "tests/support/shell.h"
#include "tests/support/support.h"

static void need_model(void)
{
    if (!file_exists("assets/tiny/model.safetensors.index.json"))
        support_skip("model", "assets/tiny holds no weights");
}

static const char *path_of(const char *name)
{
    static char path[4][LIMIT_PATH_BYTES];
    static int i;
    i = (i + 1) % 4;
    cr_assert(file_join(support_temp(), name, path[i], LIMIT_PATH_BYTES));
    return path[i];
}

__attribute__((format(printf, 2, 3))) static struct shell podium(int rc, const char *fmt, ...)
{
    char text[4096];
    va_list list;
    va_start(list, fmt);
    (void)vsnprintf(text, sizeof text, fmt, list);
    va_end(list);
    struct shell s = shell_podium(text, STR(""));
    cr_assert_eq(s.rc, rc, "podium %s ended with %d: %s", text, s.rc, s.err.n > 0 ? s.err.at : "");
    return s;
}

/* For its exit code and what it leaves in files. */
#define PODIUM_ENDS(rc, ...)                                                                       \
    do {                                                                                           \
        struct shell ended = podium((rc), __VA_ARGS__);                                            \
        shell_free(&ended);                                                                        \
    } while (0)

static struct json *parse(const struct shell *s)
{
    struct json *j = NULL;
    struct err e = {0};
    ASSERT_OK(json_parse(buf_str(&s->out), "stdout", &j, &e), e);
    return j;
}

static const char ASK[] = "--model assets/tiny --prompt 'What is 12+30?' --max-tokens 200";

Test(generate, is_a_function_of_the_seed, .timeout = 60)
{
    need_model();
    struct shell one = podium(0, "generate %s --json --seed 5 --threads 1", ASK);
    struct shell two = podium(0, "generate %s --json --seed 5 --threads 2", ASK);
    struct shell other = podium(0, "generate %s --json --seed 6", ASK);
    cr_assert(str_eq(buf_str(&one.out), buf_str(&two.out)));
    cr_assert_not(str_eq(buf_str(&one.out), buf_str(&other.out)));
    shell_free(&one);
    shell_free(&two);
    shell_free(&other);
}

Test(generate, json_holds_what_was_sampled, .timeout = 60)
{
    need_model();
    struct shell s = podium(0, "generate %s --json --samples 3 --temperature 0.8", ASK);
    struct json *j = parse(&s);
    int64_t n = 0;
    cr_assert(json_i64(json_get(j, "prompt_tokens"), &n) && n > 3);
    const struct json *samples = json_get(j, "samples");
    cr_assert_eq(json_count(samples), 3);
    for (const struct json *x = json_first(samples); x != NULL; x = json_next(x)) {
        struct str stop = {0};
        n = json_count(json_get(x, "tokens"));
        cr_assert(n > 0 && n <= 200);
        cr_assert_eq(json_count(json_get(x, "logprobs")), n);
        cr_assert(json_str(json_get(x, "stop"), &stop));
        cr_assert(str_eq(stop, n == 200 ? STR("length") : STR("stop")) || n == 200);
    }
    json_free(j);
    shell_free(&s);
}

/* What the guesses were worth is told behind everything else. */
Test(generate, guessing_ahead_changes_nothing_that_is_sampled, .timeout = 60)
{
    need_model();
    struct shell plain = podium(0, "generate %s --json --samples 3", ASK);
    struct shell ngram = podium(0, "generate %s --json --samples 3 --draft ngram", ASK);
    struct shell mtp =
        podium(0, "generate %s --json --samples 3 --draft mtp --draft-tokens 3", ASK);
    struct str want = str_sub(buf_str(&plain.out), 0, plain.out.n - 2); /* all but "}\n" */
    cr_assert_gt(want.n, 100);
    cr_assert(str_eq(want, str_sub(buf_str(&ngram.out), 0, want.n)));
    cr_assert(str_eq(want, str_sub(buf_str(&mtp.out), 0, want.n)));
    struct json *j = parse(&mtp);
    int64_t n_guessed = 0;
    int64_t n_right = 0;
    cr_assert(json_i64(json_get(json_get(j, "draft"), "guessed"), &n_guessed));
    cr_assert(json_i64(json_get(json_get(j, "draft"), "accepted"), &n_right));
    cr_assert(n_guessed > 0 && n_right > 0 && n_right <= n_guessed);
    json_free(j);
    shell_free(&plain);
    shell_free(&ngram);
    shell_free(&mtp);
}

Test(generate, a_conversation_file_is_the_same_as_its_prompt, .timeout = 60)
{
    need_model();
    struct err e = {0};
    const char *path = path_of("chat.json");
    ASSERT_OK(file_write(path, STR("[{\"role\": \"user\", \"content\": \"What is 12+30?\"}]"), &e),
              e);
    struct shell a = podium(0, "generate %s", ASK);
    struct shell b = podium(0, "generate --model assets/tiny --messages %s --max-tokens 200", path);
    cr_assert(str_eq(buf_str(&a.out), buf_str(&b.out)));
    cr_assert_gt(a.out.n, 1);
    shell_free(&a);
    shell_free(&b);
}

Test(logits, of_all_positions_end_with_those_of_the_last, .timeout = 60)
{
    need_model();
    struct arena keep;
    struct err e = {0};
    arena_init(&keep, "test", LIMIT_ARENA_ITEM);
    const char *ids = path_of("ids");
    ASSERT_OK(file_write(ids, STR("0, 5 6\n7"), &e), e);
    const char *last = path_of("last.f32");
    const char *all = path_of("all.f32");
    PODIUM_ENDS(0, "logits --model assets/tiny --tokens %s --out %s", ids, last);
    PODIUM_ENDS(0, "logits --model assets/tiny --tokens %s --out %s --all", ids, all);
    struct str x = support_read(last, &keep);
    struct str y = support_read(all, &keep);
    cr_assert_gt(x.n, 0);
    cr_assert_eq(y.n, 4 * x.n);
    cr_assert(str_eq(x, str_sub(y, 3 * x.n, y.n)));
    arena_fini(&keep);
}

Test(logits, need_no_tokenizer, .timeout = 60)
{
    need_model();
    struct err e = {0};
    const char *ids = path_of("ids");
    const char *bare = path_of("bare");
    ASSERT_OK(file_write(ids, STR("0 5 6"), &e), e);
    ASSERT_OK(file_make_dirs(bare, &e), e);
    for (int i = 0; i < 4; i++) {
        static const char *const parts[] = {"config.json", "model.safetensors.index.json",
                                            "model-00001-of-00002.safetensors",
                                            "model-00002-of-00002.safetensors"};
        char from[4096];
        char to[4096];
        cr_assert(file_join("../../../../assets/tiny", parts[i], from, sizeof from));
        cr_assert(file_join(bare, parts[i], to, sizeof to));
        cr_assert_eq(symlink(from, to), 0);
        cr_assert(file_exists(to), "%s", to);
    }
    PODIUM_ENDS(0, "logits --model %s --tokens %s --out %s", bare, ids, path_of("out.f32"));
}

Test(chat, answers_lines_until_exit, .timeout = 60)
{
    need_model();
    struct shell s = shell_podium("chat --model assets/tiny --max-tokens 100 --temperature 0",
                                  STR("What is 1+2?\n/reset\nWhat is 1+2?\n/exit\nnot read\n"));
    cr_assert_eq(s.rc, 0, "%s", s.err.n > 0 ? s.err.at : "");
    int64_t half = s.out.n / 2;
    cr_assert_gt(half, 1);
    cr_assert(str_eq(str_sub(buf_str(&s.out), 0, half), str_sub(buf_str(&s.out), half, s.out.n)),
              "greedy, forgotten: twice the same\n%s", s.out.at);
    shell_free(&s);
}

/* ---- run, report, grade ---- */

static const char RUN[] = "run arith --model assets/tiny --limit 6 --samples 2 --max-tokens 300";

static void same_rows(const char *a, const char *b)
{
    struct buf x = {0};
    struct buf y = {0};
    run_fixture_dump(a, &x);
    run_fixture_dump(b, &y);
    cr_assert_gt(x.n, 0);
    cr_assert(str_eq(buf_str(&x), buf_str(&y)), "%s\n--- against ---\n%s", x.at, y.at);
    buf_free(&x);
    buf_free(&y);
}

Test(run_e2e, reports_scores_and_does_nothing_twice, .timeout = 60)
{
    need_model();
    const char *out = path_of("a.db");
    struct shell first = podium(0, "%s --out %s --json", RUN, out);
    struct shell again = podium(0, "%s --out %s --json --threads 1 --jobs 1", RUN, out);
    struct shell report = podium(0, "report %s --json", out);
    cr_assert(str_find(buf_str(&again.err), STR("12 replies were stored before, 0 are new"), 0) >=
                  0,
              "%s", again.err.at);
    cr_assert(str_eq(buf_str(&again.out), buf_str(&report.out)));
    struct json *j = parse(&report);
    int64_t n = 0;
    double score = -1;
    bool is_whole = false;
    cr_assert(json_i64(json_get(json_get(j, "outcomes"), "replies"), &n) && n == 12);
    cr_assert(json_f64(json_get(json_get(j, "score"), "mean"), &score));
    cr_assert(score >= 0 && score <= 1);
    cr_assert(json_bool(json_get(j, "is_whole"), &is_whole) && is_whole);
    json_free(j);
    shell_free(&first);
    shell_free(&again);
    shell_free(&report);
    PODIUM_ENDS(2, "%s --out %s --seed 1", RUN, out);
    PODIUM_ENDS(2, "%s --out %s --temperature 0.5", RUN, out);
    PODIUM_ENDS(2, "%s --out %s --quant fp8", RUN, out);
    PODIUM_ENDS(2, "%s --out %s --weights q8", RUN, out);
}

Test(run_e2e, guesses_are_told_and_change_no_row, .timeout = 60)
{
    need_model();
    const char *plain = path_of("plain.db");
    const char *ahead = path_of("ahead.db");
    PODIUM_ENDS(0, "%s --out %s", RUN, plain);
    struct shell s = podium(0, "%s --out %s --draft mtp", RUN, ahead);
    cr_assert(str_find(buf_str(&s.err), STR("--draft mtp: "), 0) >= 0, "%s", s.err.at);
    same_rows(plain, ahead);
    cr_assert_eq(run_fixture_count(ahead, "SELECT count(*) FROM session WHERE argv LIKE "
                                          "'%--draft%mtp%'"),
                 1);
    shell_free(&s);
}

Test(run_e2e, killed_at_any_moment_it_goes_on, .timeout = 60)
{
    need_model();
    char args[LIMIT_PATH_BYTES];
    const char *whole = path_of("whole.db");
    const char *killed = path_of("killed.db");
    PODIUM_ENDS(0, "%s --out %s", RUN, whole);
    (void)snprintf(args, sizeof args, "%s --out %s", RUN, killed);
    int status = -1;
    for (unsigned us = 100000; us < 700000; us += 150000) {
        pid_t pid = shell_start(args);
        (void)usleep(us);
        (void)kill(pid, SIGKILL);
        cr_assert_eq(waitpid(pid, &status, 0), pid);
    }
    PODIUM_ENDS(0, "%s", args);
    same_rows(whole, killed);
    char work[LIMIT_PATH_BYTES];
    (void)snprintf(work, sizeof work, "%s.podium-work", killed);
    cr_assert_not(file_exists(work));
}

/* Until the run beside us has stored something. */
static void wait_for_replies(const char *path)
{
    for (int64_t n = 0; n <= 0;) {
        (void)usleep(50000);
        if (file_exists(path))
            n = run_fixture_count(path, "SELECT (SELECT count(*) FROM sqlite_schema WHERE name = "
                                        "'reply')");
        if (n > 0)
            n = run_fixture_count(path, "SELECT count(*) FROM reply");
    }
}

Test(run_e2e, interrupted_it_ends_with_130_and_goes_on, .timeout = 60)
{
    need_model();
    char args[LIMIT_PATH_BYTES];
    const char *out = path_of("a.db");
    int status = 0;
    (void)snprintf(args, sizeof args, "run arith --model assets/tiny --samples 500 --out %s", out);
    pid_t pid = shell_start(args);
    wait_for_replies(out);
    (void)kill(pid, SIGINT);
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_assert(WIFEXITED(status));
    cr_assert_eq(WEXITSTATUS(status), 130);
    cr_assert_eq(run_fixture_count(out, "SELECT count(*) FROM pragma_integrity_check WHERE "
                                        "integrity_check <> 'ok'"),
                 0);
    struct shell report = podium(0, "report %s", out);
    cr_assert(str_find(buf_str(&report.out), STR("NOT WHOLE"), 0) > 0, "%s", report.out.at);
    shell_free(&report);
}

Test(run_e2e, judging_again_needs_no_model_and_changes_nothing, .timeout = 60)
{
    need_model();
    const char *out = path_of("a.db");
    PODIUM_ENDS(0, "%s --out %s", RUN, out);
    struct shell s = podium(0, "grade %s --json", out);
    struct json *j = parse(&s);
    int64_t n = -1;
    cr_assert(json_i64(json_get(j, "to_right"), &n) && n == 0);
    cr_assert(json_i64(json_get(j, "from_right"), &n) && n == 0);
    cr_assert_eq(run_fixture_count(out, "SELECT count(*) - count(DISTINCT reply) FROM grade"), 0);
    json_free(j);
    shell_free(&s);
}

Test(run_e2e, programs_are_compiled_and_judged, .timeout = 60)
{
    need_model();
    const char *out = path_of("p.db");
    struct shell s =
        shell_podium("suites programs", STR("")); /* the suite is there whatever the model says */
    shell_free(&s);
    char args[LIMIT_PATH_BYTES];
    (void)snprintf(args, sizeof args,
                   "run programs --model assets/tiny --limit 2 --samples 1 --out %s", out);
    s = shell_podium(args, STR(""));
    cr_assert(s.rc == 0 || s.rc == 3, "%d %s", s.rc, s.err.n > 0 ? s.err.at : "");
    cr_assert_eq(run_fixture_count(out, "SELECT count(*) FROM reply"), 2);
    shell_free(&s);
}
