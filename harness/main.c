/* podium: one program, one word for what it should do. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/command.h"

static const struct command {
    const char *name;
    bool (*run)(struct cli *c, int *rc, struct err *e);
    const char *summary;
} commands[] = {
    {"run", command_run, "let a model answer a suite, grade it, store it, print the report"},
    {"grade", command_grade, "judge stored replies again, without the model"},
    {"report", command_report, "print the scores of one run or several"},
    {"answer", command_answer, "compare a final answer with the right one, or a stream of them"},
    {"judge", command_judge, "judge submissions against the task of a contest"},
    {"verify", command_verify, "judge a contest's final submissions a second time"},
    {"suites", command_suites, "list the suites, or show one"},
    {"generate", command_generate, "complete a prompt or a conversation"},
    {"chat", command_chat, "talk to a model in the terminal"},
    {"encode", command_encode, "messages as JSON to the exact prompt text"},
    {"parse", command_parse, "a completion to a message as JSON"},
    {"tokenize", command_tokenize, "text to token ids, or back"},
    {"box", command_box, "run any command in the sandbox and print its account"},
    {"checkup", command_checkup, "say whether this machine can judge, and what would help"},
    {"bench", command_bench, "measure the engine against what this machine can do at most"},
    {"logits", command_logits, "token ids to the model's raw logits"},
    {"trace", command_trace, "read what a run recorded of the model's choices"},
};
enum { N_COMMANDS = sizeof commands / sizeof *commands };

static void print_commands(void)
{
    (void)printf("podium: evaluation and verification of language models, end to end\n\n");
    (void)printf("usage: podium COMMAND [options]      podium COMMAND --help\n\n");
    for (int i = 0; i < N_COMMANDS; i++)
        (void)printf("  %-10s %s\n", commands[i].name, commands[i].summary);
    (void)printf("\nexit codes: 0 done, 1 failed, 2 usage, 3 some items could not be graded, "
                 "130 interrupted\n");
}

static const struct command *find(const char *name)
{
    for (int i = 0; i < N_COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

static int unknown_command(const char *name)
{
    const char *names[N_COMMANDS + 1] = {0};
    for (int i = 0; i < N_COMMANDS; i++)
        names[i] = commands[i].name;
    const char *near = cli_nearest(name, names);
    if (near != NULL)
        (void)fprintf(stderr, "podium: no command '%s'; did you mean '%s'?\n", name, near);
    else
        (void)fprintf(stderr, "podium: no command '%s'; podium --help lists them\n", name);
    return EXIT_USAGE;
}

/* What was printed but could not be written (a full disk, a closed pipe) is a failure too. */
static int flush(int rc)
{
    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return rc;
    (void)fprintf(stderr, "podium: standard output: %m\n");
    return rc == EXIT_DONE ? EXIT_FAILED : rc;
}

static int run_command(const struct command *command, int argc, char **argv)
{
    struct err e = {0};
    struct cli c = {.command = command->name, .argc = argc, .argv = argv};
    int rc = EXIT_DONE;
    if (command->run(&c, &rc, &e))
        return flush(rc);
    (void)fflush(stdout);
    (void)fprintf(stderr, "podium: %s\n", e.text);
    return cli_exit_code(&e);
}

int main(int argc, char **argv)
{
    /* a reader that went away, a file that may not grow: write errors, reported like any other */
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
    const char *word = argc > 1 ? argv[1] : "--help";
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        print_commands();
        return flush(EXIT_DONE);
    }
    if (strcmp(word, "--version") == 0) {
        (void)printf("podium %s\n", PODIUM_VERSION);
        return flush(EXIT_DONE);
    }
    const struct command *command = find(word);
    if (command == NULL)
        return unknown_command(word);
    return run_command(command, argc - 2, argv + 2);
}
