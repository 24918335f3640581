#include "graders/judge/compile_pch.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/hash.h"
#include "graders/judge/compile_cache.h"

static bool path_of(const char *dir, struct str hex, char path[LIMIT_PATH_BYTES])
{
    int n = snprintf(path, LIMIT_PATH_BYTES, "%s/header-%.*s.gch", dir, STR_ARG(hex));
    return n > 0 && n < LIMIT_PATH_BYTES;
}

static int64_t skip_blanks(struct str text, int64_t at)
{
    while (at < text.n && (text.at[at] == ' ' || (text.at[at] >= '\t' && text.at[at] <= '\r')))
        at++;
    return at;
}

/* Behind white space and whole comments; -1 where a comment does not end plainly. */
static int64_t skip_comments(struct str text)
{
    int64_t at = skip_blanks(text, 0);
    while (at + 1 < text.n && text.at[at] == '/') {
        bool is_line = text.at[at + 1] == '/';
        if (!is_line && text.at[at + 1] != '*')
            return -1;
        int64_t end = str_find(text, is_line ? STR("\n") : STR("*/"), at + 2);
        if (end < 0 || (is_line && (text.at[end - 1] == '\\' || text.at[end - 1] == '\r' ||
                                    text.at[end - 1] == '/')))
            return -1; /* a line that may go on, by a backslash or what stands for one */
        at = skip_blanks(text, end + (is_line ? 1 : 2));
    }
    return at;
}

bool pch_fits(struct str text)
{
    int64_t at = skip_comments(text);
    if (at < 0 || at >= text.n || text.at[at] != '#')
        return false;
    at = skip_blanks(text, at + 1);
    if (!str_starts(str_sub(text, at, text.n), STR("include")))
        return false;
    at = skip_blanks(text, at + STR("include").n);
    struct str rest = str_sub(text, at, text.n);
    if (!str_starts(rest, STR("<bits/stdc++.h>")))
        return false;
    struct str line = {0};
    (void)str_split(&rest, '\n', &line);
    return str_trim(line).n == STR("<bits/stdc++.h>").n;
}

bool pch_find(const char *dir, const char key[65], char path[LIMIT_PATH_BYTES], int64_t *n_bytes,
              struct arena tmp)
{
    struct str want;
    struct hash h;
    struct stat st;
    struct err none = {0};
    char hex[65];
    if (!cache_find(dir, key, &want, &tmp) || !path_of(dir, want, path) || stat(path, &st) != 0 ||
        !hash_file(path, &h, &none))
        return false;
    hash_hex(&h, hex);
    *n_bytes = st.st_size;
    return str_eq(want, str_of(hex));
}

void pch_store(const char *dir, const char key[65], struct str bytes, struct arena tmp)
{
    char path[LIMIT_PATH_BYTES];
    char hex[65];
    struct err none = {0};
    struct hash h = hash_bytes(bytes);
    hash_hex(&h, hex);
    if (path_of(dir, str_of(hex), path) && file_make_dirs(dir, &none) &&
        file_write(path, bytes, &none))
        cache_store(dir, key, str_of(hex), tmp);
}
