#include "tests/support/grade_script.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "graders/grader_wire.h"
#include "graders/sandbox/wire.h"

static const char MARKER[] = "--podium-grade-script";

const char *const *grade_script_argv(int version)
{
    static char self[LIMIT_PATH_BYTES];
    static char number[16];
    static const char *argv[] = {self, MARKER, number, NULL};
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = 0;
    (void)snprintf(number, sizeof number, "%d", version);
    return argv;
}

static bool has(struct str text, const char *word)
{
    return str_find(text, str_of(word), 0) >= 0;
}

static void crash_once(const struct json *key)
{
    struct str path = {0};
    struct err e = {0};
    if (!json_str(json_get(key, "once"), &path) || file_exists(path.at))
        return;
    if (file_write(path.at, STR("crashed"), &e))
        (void)raise(SIGKILL);
}

static void misbehave(struct str reply, const struct json *key)
{
    if (has(reply, "CRASHONCE"))
        crash_once(key);
    else if (has(reply, "CRASH"))
        (void)raise(SIGKILL);
    if (has(reply, "HANG"))
        for (;;)
            (void)pause();
    if (has(reply, "NONSENSE"))
        (void)!write(STDOUT_FILENO, "\377\377\377\377\377\377\377\377nonsense", 16);
}

static void ask(const struct grade_request *r, struct grade_answer *a, struct arena *keep)
{
    struct message *m = NEW(keep, struct message, 1);
    *m = (struct message){.role = ROLE_USER,
                          .content = arena_fmt(keep, "Is %.*s right, asked %lld times?",
                                               STR_ARG(r->reply), (long long)r->n_judged + 1)};
    a->next = GRADE_ASK;
    a->question = (struct chat){.at = m, .n = 1, .thinking = true};
}

static void judge_unsure(const struct grade_request *r, struct grade_answer *a, struct arena *keep)
{
    int64_t n_wanted = has(r->reply, "TWICE") ? 2 : 1;
    struct str said = r->n_judged > 0 ? r->judged[r->n_judged - 1] : STR("");
    if (has(r->reply, "ASKALWAYS") || (r->n_judged < n_wanted && r->may_ask)) {
        ask(r, a, keep);
        return;
    }
    bool is_right = str_eq(said, STR("yes"));
    bool is_wrong = str_eq(said, STR("no"));
    a->grade.verdict = is_right ? VERDICT_RIGHT : is_wrong ? VERDICT_WRONG : VERDICT_UNDECIDED;
    a->grade.score = is_right;
    a->grade.evidence = STR("{\"rule\":\"unsure\"}");
    a->grade.reason = r->n_judged > 0 ? STR("a model was asked") : STR("nobody was asked");
}

static void judge(const struct grade_request *r, const struct json *key, struct grade_answer *a,
                  struct arena *keep)
{
    struct str want = {0};
    a->ok = true;
    a->grade.evidence = STR("{}");
    a->grade.verdict = VERDICT_WRONG;
    a->grade.reason = STR("not the answer");
    if (has(r->reply, "UNSURE") || has(r->reply, "ASKALWAYS")) {
        judge_unsure(r, a, keep);
    } else if (has(r->reply, "BROKEN")) {
        a->ok = false;
        (void)FAIL(&a->err, ERR_IO, "script: could not grade, as asked");
    } else if (has(r->reply, "I do not know")) {
        a->grade.verdict = VERDICT_NO_ANSWER;
        a->grade.reason = STR("no answer");
    } else if (json_str(json_get(key, "answer"), &want) && str_find(r->reply, want, 0) >= 0) {
        a->grade = (struct grade){.verdict = VERDICT_RIGHT,
                                  .score = 1,
                                  .answer = want,
                                  .reason = STR("the answer"),
                                  .evidence = STR("{}")};
    }
}

static bool serve_one(const struct buf *in, int version, struct arena *keep, struct err *e)
{
    struct grade_request r;
    struct json *key = NULL;
    struct buf out = {0};
    TRY(grade_request_get(buf_str(in), &r, keep, e));
    TRY(json_parse(r.key, "key", &key, e));
    misbehave(r.reply, key);
    struct grade_answer a = {.ticket = r.ticket, .version = version, .next = GRADE_DONE};
    judge(&r, key, &a, keep);
    grade_answer_put(&out, &a);
    bool ok = file_write_fd(STDOUT_FILENO, "answer", buf_str(&out), e);
    buf_free(&out);
    json_free(key);
    return ok;
}

static void serve(int version)
{
    struct err e = {0};
    struct arena keep;
    struct buf in = {0};
    arena_init(&keep, "script", LIMIT_ARENA_ITEM);
    for (;;) {
        bool has_frame = false;
        buf_clear(&in);
        arena_reset(&keep);
        if (!wire_recv(STDIN_FILENO, "harness", GRADE_FRAME_MAX, &in, &has_frame, &e) || !has_frame)
            return;
        if (!serve_one(&in, version, &keep, &e)) {
            (void)fprintf(stderr, "grade script: %s\n", e.text);
            return;
        }
    }
}

/* Before main, so that the test runner never sees the marker. */
__attribute__((constructor)) static void become_worker(int argc, char **argv)
{
    int64_t version = 1;
    if (argc < 3 || strcmp(argv[1], MARKER) != 0 || !str_i64(str_of(argv[2]), &version))
        return;
    serve((int)version);
    _exit(0);
}
