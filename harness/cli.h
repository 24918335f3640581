/* The command line: options by table, help made from the same table, errors that say what was
 * meant.
 *
 * A command declares its options beside the variables they fill, calls cli_read(), and gets either
 * checked values, a printed help page, or an ERR_USAGE. Both --name=value and --name value are
 * understood, `--` ends the options, and an unknown option names the nearest known one. Options
 * marked `env` may also be set by PODIUM_<NAME>; the command line wins. This file is the only
 * reader of the environment. */
#pragma once
#include "base/err.h"
#include "base/str.h"

enum cli_kind {
    CLI_FLAG,   /* out: bool, set true */
    CLI_SWITCH, /* out: bool; --x, --x=on, --x=off, --no-x */
    CLI_TEXT,   /* out: const char * */
    CLI_WORD,   /* out: int, index into the words of `value`: "thinking|chat" */
    CLI_I64,    /* out: int64_t, within [min, max] */
    CLI_U64,    /* out: uint64_t */
    CLI_F64,    /* out: double, within [min, max] */
    CLI_LIST,   /* out: struct cli_list; may be given several times, each adds one */
};

enum { CLI_LIST_MAX = 256 };
struct cli_list {
    const char *at[CLI_LIST_MAX];
    int64_t n;
};

struct cli_option {
    const char *name;  /* without the dashes */
    const char *value; /* what help shows after it; the words of a CLI_WORD */
    const char *help;  /* one line */
    enum cli_kind kind;
    void *out;
    double min, max;
    bool *is_given; /* may be NULL */
    bool env;       /* PODIUM_NAME sets it too */
};

enum { CLI_ARGUMENTS = 256 };

struct cli {
    /* filled by the caller */
    const char *command;
    int argc; /* what follows the command's name */
    char **argv;
    const char *synopsis; /* "SUITE --model DIR [options]" */
    const char *summary;  /* one or two sentences */
    const char *example;  /* lines to try */
    const struct cli_option *options;
    int64_t n_options;
    int64_t n_arguments_min, n_arguments_max;
    bool is_wrapper; /* the first argument ends the options: what follows is a command line */
    /* filled by cli_read */
    const char *arguments[CLI_ARGUMENTS];
    int64_t n_arguments;
    bool is_help; /* the help page was printed: nothing else to do */
};

/* Rows of a table. What follows `help` are further members: .is_given = &b, .env = true. */
#define OPTION_FLAG(n, to, h)                                                                      \
    {                                                                                              \
        .name = (n), .help = (h), .kind = CLI_FLAG, .out = (to)                                    \
    }
#define OPTION_SWITCH(n, to, h, ...)  OPTION_(n, "on|off", CLI_SWITCH, to, h, __VA_ARGS__)
#define OPTION_TEXT(n, v, to, h, ...) OPTION_(n, v, CLI_TEXT, to, h, __VA_ARGS__)
#define OPTION_LIST(n, v, to, h, ...) OPTION_(n, v, CLI_LIST, to, h, __VA_ARGS__)
#define OPTION_WORD(n, v, to, h, ...) OPTION_(n, v, CLI_WORD, to, h, __VA_ARGS__)
#define OPTION_U64(n, to, h, ...)     OPTION_(n, "N", CLI_U64, to, h, __VA_ARGS__)
#define OPTION_I64(n, to, lo, hi, h, ...)                                                          \
    OPTION_(n, "N", CLI_I64, to, h, .min = (lo), .max = (hi), __VA_ARGS__)
#define OPTION_F64(n, to, lo, hi, h, ...)                                                          \
    OPTION_(n, "X", CLI_F64, to, h, .min = (lo), .max = (hi), __VA_ARGS__)
#define OPTION_(n, v, k, to, h, ...)                                                               \
    {                                                                                              \
        .name = (n), .value = (v), .help = (h), .kind = (k), .out = (to), __VA_ARGS__              \
    }

#define CLI_TABLE(c, array)                                                                        \
    ((c)->options = (array), (c)->n_options = (int64_t)(sizeof(array) / sizeof *(array)))

/* Reads argv against the table. On true with is_help, the page went to stdout. */
MUST_CHECK bool cli_read(struct cli *c, struct err *e);

/* The name in `known` (NULL-terminated) closest to `given`, or NULL when none is close. */
const char *cli_nearest(const char *given, const char *const *known);

/* How a process ends, by what went wrong. */
enum cli_exit {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,    /* a verification failed, or the input or the system refused */
    EXIT_USAGE = 2,     /* the command line asks for something impossible */
    EXIT_UNGRADED = 3,  /* everything ran, but some items could not be graded */
    EXIT_UNDECIDED = 4, /* `answer`: neither equal nor different */
    EXIT_INTERRUPTED = 130,
};
int cli_exit_code(const struct err *e);

/* Where podium may keep what it can compute again: $XDG_CACHE_HOME/podium, else
 * $HOME/.cache/podium. False when neither is set to an absolute path. */
bool cli_cache_dir(char *out, int64_t n_out);

/* True when colours and cursor movements are welcome on this descriptor (a terminal, no NO_COLOR).
 */
bool cli_is_terminal(int fd);
