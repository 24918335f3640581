#include "harness/cli.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- words ---- */

/* Two slips in a short word, three in a long one, never more than half of it. */
static bool is_close(int64_t distance, int64_t n)
{
    return distance <= (n > 8 ? 3 : 2) && 2 * distance <= n;
}

const char *cli_nearest(const char *given, const char *const *known)
{
    const char *best = NULL;
    int64_t best_distance = INT64_MAX;
    for (; *known != NULL; known++) {
        int64_t d = str_distance(str_of(given), str_of(*known));
        bool is_start = *given != 0 && str_starts(str_of(*known), str_of(given));
        if (is_start)
            d = 0;
        if (d < best_distance && (is_start || is_close(d, (int64_t)strlen(*known)))) {
            best = *known;
            best_distance = d;
        }
    }
    return best;
}

static int word_index(const char *words, struct str given)
{
    struct str rest = str_of(words);
    struct str word;
    for (int i = 0; str_split(&rest, '|', &word); i++) {
        if (str_eq(word, given))
            return i;
    }
    return -1;
}

int cli_exit_code(const struct err *e)
{
    return e->cls == ERR_USAGE ? EXIT_USAGE : EXIT_FAILED;
}

bool cli_cache_dir(char *out, int64_t n_out)
{
    const char *cache = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    bool is_set = cache != NULL && cache[0] == '/';
    if (!is_set && (home == NULL || home[0] != '/'))
        return false;
    int n = snprintf(out, (size_t)n_out, "%s%s", is_set ? cache : home,
                     is_set ? "/podium" : "/.cache/podium");
    return n > 0 && n < n_out;
}

bool cli_is_terminal(int fd)
{
    const char *no_color = getenv("NO_COLOR");
    return isatty(fd) && (no_color == NULL || *no_color == 0);
}

/* ---- help ---- */

static void print_option(const struct cli_option *o)
{
    char left[80];
    (void)snprintf(left, sizeof left, "--%s%s%s", o->name, o->value != NULL ? " " : "",
                   o->value != NULL ? o->value : "");
    (void)printf("  %-26s %s\n", left, o->help);
}

static void print_help(const struct cli *c)
{
    (void)printf("podium %s %s\n\n%s\n", c->command, c->synopsis, c->summary);
    if (c->n_options > 0)
        (void)printf("\nOptions\n");
    for (int64_t i = 0; i < c->n_options; i++)
        print_option(&c->options[i]);
    (void)printf("\nExample\n");
    struct str rest = str_of(c->example);
    struct str line;
    while (str_split(&rest, '\n', &line))
        (void)printf("  %.*s\n", STR_ARG(line));
}

/* ---- values ---- */

static bool out_of_range(const struct cli_option *o, const char *given, struct err *e)
{
    return FAIL(e, ERR_USAGE, "--%s %s: must be from %.10g to %.10g", o->name, given, o->min,
                o->max);
}

static bool set_i64(const struct cli_option *o, const char *given, struct err *e)
{
    int64_t v = 0;
    if (!str_i64(str_of(given), &v))
        return FAIL(e, ERR_USAGE, "--%s %s: not a whole number", o->name, given);
    if ((double)v < o->min || (double)v > o->max)
        return out_of_range(o, given, e);
    *(int64_t *)o->out = v;
    return true;
}

static bool set_f64(const struct cli_option *o, const char *given, struct err *e)
{
    double v = 0;
    if (!str_f64(str_of(given), &v))
        return FAIL(e, ERR_USAGE, "--%s %s: not a number", o->name, given);
    if (v < o->min || v > o->max)
        return out_of_range(o, given, e);
    *(double *)o->out = v;
    return true;
}

static bool add_to_list(const struct cli_option *o, const char *given, struct err *e)
{
    struct cli_list *list = o->out;
    if (list->n >= CLI_LIST_MAX)
        return FAIL(e, ERR_USAGE, "--%s is given more than %d times", o->name, CLI_LIST_MAX);
    list->at[list->n++] = given;
    return true;
}

static bool set_word(const struct cli_option *o, const char *words, const char *given,
                     struct err *e)
{
    int i = word_index(words, str_of(given));
    if (i < 0)
        return FAIL(e, ERR_USAGE, "--%s %s: must be one of %s", o->name, given, words);
    if (o->kind == CLI_SWITCH)
        *(bool *)o->out = i == 0;
    else
        *(int *)o->out = i;
    return true;
}

static bool set_value(const struct cli_option *o, const char *given, struct err *e)
{
    if (o->is_given != NULL)
        *o->is_given = true;
    switch (o->kind) {
    case CLI_FLAG:
        *(bool *)o->out = true;
        return true;
    case CLI_SWITCH:
        return set_word(o, "on|off", given, e);
    case CLI_WORD:
        return set_word(o, o->value, given, e);
    case CLI_TEXT:
        *(const char **)o->out = given;
        return true;
    case CLI_I64:
        return set_i64(o, given, e);
    case CLI_U64:
        if (!str_u64(str_of(given), (uint64_t *)o->out))
            return FAIL(e, ERR_USAGE, "--%s %s: not a whole number from 0 up", o->name, given);
        return true;
    case CLI_F64:
        return set_f64(o, given, e);
    case CLI_LIST:
        return add_to_list(o, given, e);
    }
    assert(false); /* every kind is handled */
    return false;
}

static bool read_environment(const struct cli *c, struct err *e)
{
    for (int64_t i = 0; i < c->n_options; i++) {
        const struct cli_option *o = &c->options[i];
        char name[64];
        int n = snprintf(name, sizeof name, "PODIUM_%s", o->name);
        assert(n > 0 && n < (int)sizeof name);
        for (char *p = name; *p != 0; p++)
            *p = *p == '-' ? '_' : (char)toupper((unsigned char)*p);
        const char *given = o->env ? getenv(name) : NULL;
        if (given != NULL && *given != 0 && !set_value(o, given, e))
            return err_wrap(e, "environment %s", name);
    }
    return true;
}

/* ---- arguments ---- */

enum { NAMES_MAX = 64 };

static bool unknown_option(const struct cli *c, const char *name, struct err *e)
{
    const char *names[NAMES_MAX] = {0};
    for (int64_t i = 0; i < c->n_options && i < NAMES_MAX - 2; i++)
        names[i] = c->options[i].name;
    names[c->n_options < NAMES_MAX - 2 ? c->n_options : NAMES_MAX - 2] = "help";
    const char *near = cli_nearest(name, names);
    if (near != NULL)
        return FAIL(e, ERR_USAGE, "%s: no option --%s; did you mean --%s?", c->command, name, near);
    return FAIL(e, ERR_USAGE, "%s: no option --%s; podium %s --help lists them", c->command, name,
                c->command);
}

static const struct cli_option *find_option(const struct cli *c, struct str name)
{
    for (int64_t i = 0; i < c->n_options; i++) {
        if (str_eq(str_of(c->options[i].name), name))
            return &c->options[i];
    }
    return NULL;
}

/* --no-NAME of a switch. */
static const struct cli_option *find_negated(const struct cli *c, struct str name)
{
    if (!str_starts(name, STR("no-")))
        return NULL;
    const struct cli_option *o = find_option(c, str_sub(name, 3, name.n));
    return o != NULL && o->kind == CLI_SWITCH ? o : NULL;
}

/* argv[*i] is an option, perhaps with its value in the same word. */
static bool read_option(const struct cli *c, int *i, struct err *e)
{
    const char *word = c->argv[*i] + 2;
    const char *equals = strchr(word, '=');
    struct str name = {word, equals != NULL ? equals - word : (int64_t)strlen(word)};
    const struct cli_option *o = find_option(c, name);
    if (o == NULL && equals == NULL && (o = find_negated(c, name)) != NULL)
        return set_value(o, "off", e);
    if (o == NULL) {
        char text[64];
        (void)snprintf(text, sizeof text, "%.*s", STR_ARG(name));
        return unknown_option(c, text, e);
    }
    if (o->kind == CLI_FLAG && equals != NULL)
        return FAIL(e, ERR_USAGE, "--%s takes no value", o->name);
    if (equals != NULL)
        return set_value(o, equals + 1, e);
    if (o->kind == CLI_FLAG || o->kind == CLI_SWITCH)
        return set_value(o, "on", e);
    if (*i + 1 >= c->argc)
        return FAIL(e, ERR_USAGE, "--%s needs a value: %s", o->name, o->value);
    *i += 1;
    return set_value(o, c->argv[*i], e);
}

static bool put_argument(struct cli *c, const char *word, struct err *e)
{
    if (c->n_arguments >= c->n_arguments_max || c->n_arguments >= CLI_ARGUMENTS)
        return FAIL(e, ERR_USAGE, "%s: unexpected argument '%s'; usage: podium %s %s", c->command,
                    word, c->command, c->synopsis);
    c->arguments[c->n_arguments++] = word;
    return true;
}

/* The word after this one is its value, and no argument. */
static bool takes_value(const struct cli *c, const char *word)
{
    const struct cli_option *o =
        str_starts(str_of(word), STR("--")) ? find_option(c, str_of(word + 2)) : NULL;
    return o != NULL && o->kind != CLI_FLAG && o->kind != CLI_SWITCH;
}

static bool is_help_word(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* Asked for anywhere before `--`, even beside a mistake; of a wrapper only before its command,
 * whose own help it may be. */
static bool asks_for_help(const struct cli *c)
{
    for (int i = 0; i < c->argc && strcmp(c->argv[i], "--") != 0; i++) {
        if (is_help_word(c->argv[i]))
            return true;
        bool is_argument = c->argv[i][0] != '-' && (i == 0 || !takes_value(c, c->argv[i - 1]));
        if (c->is_wrapper && is_argument)
            return false;
    }
    return false;
}

bool cli_read(struct cli *c, struct err *e)
{
    c->is_help = asks_for_help(c);
    if (c->is_help) {
        print_help(c);
        return true;
    }
    TRY(read_environment(c, e));
    bool is_over = false;
    for (int i = 0; i < c->argc; i++) {
        const char *word = c->argv[i];
        if (!is_over && strcmp(word, "--") == 0)
            is_over = true;
        else if (!is_over && word[0] == '-' && word[1] == '-')
            TRY(read_option(c, &i, e));
        else if (!is_over && word[0] == '-' && word[1] != 0)
            return FAIL(e, ERR_USAGE, "%s: no option %s; options are written --name", c->command,
                        word);
        else {
            TRY(put_argument(c, word, e));
            is_over = is_over || c->is_wrapper;
        }
    }
    if (c->n_arguments < c->n_arguments_min)
        return FAIL(e, ERR_USAGE, "%s: an argument is missing; usage: podium %s %s", c->command,
                    c->command, c->synopsis);
    return true;
}
