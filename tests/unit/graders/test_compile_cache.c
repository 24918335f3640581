/* The folder of compiled programs: shared, killed in the middle, damaged, full. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "graders/judge/compile_cache.h"
#include "graders/judge/compile_pch.h"
#include "tests/support/compile_fixture.h"
#include "tests/support/support.h"

static char dir[1024];

static void setup(void)
{
    fixture_open();
    (void)snprintf(dir, sizeof dir, "%s/cache", support_temp());
    fixture.env.cache_dir = dir;
}

TestSuite(compile_cache, .init = setup, .fini = fixture_close, .timeout = 120);

static const char *key_of(int i)
{
    static char keys[4][65];
    static int next;
    char *k = keys[next++ % 4];
    (void)snprintf(k, 65, "a%063d", i);
    return k;
}

static bool has(int i, const char *text)
{
    struct str got = {0};
    struct arena keep = fixture.tmp;
    return cache_find(dir, key_of(i), &got, &keep) && str_eq(got, str_of(text));
}

static void put(int i, const char *text)
{
    cache_store(dir, key_of(i), str_of(text), fixture.tmp);
}

static const char *path_of(int i)
{
    static char path[2048];
    (void)snprintf(path, sizeof path, "%s/a/%s", dir, key_of(i));
    return path;
}

Test(compile_cache, what_is_stored_is_found_and_nothing_else)
{
    cr_assert_not(has(1, "one"), "an empty folder");
    put(1, "one");
    put(2, "");
    cr_assert(has(1, "one"));
    cr_assert(has(2, ""));
    cr_assert_not(has(3, "one"));
    put(1, "another");
    cr_assert(has(1, "another"));
}

Test(compile_cache, a_damaged_entry_is_none_and_is_removed)
{
    struct err e = {0};
    put(1, "some bytes of a program");
    struct str whole = support_read(path_of(1), &fixture.keep);
    for (int64_t i = 0; i < whole.n; i += 5) {
        struct str bad = arena_str(&fixture.keep, whole);
        ((char *)(uintptr_t)bad.at)[i] ^= 4;
        ASSERT_OK(file_write(path_of(1), bad, &e), e);
        cr_assert_not(has(1, "some bytes of a program"), "byte %lld", (long long)i);
        cr_assert_not(file_exists(path_of(1)), "byte %lld", (long long)i);
    }
    for (int64_t n = 0; n < whole.n; n += 7) {
        ASSERT_OK(file_write(path_of(1), str_sub(whole, 0, n), &e), e);
        cr_assert_not(has(1, "some bytes of a program"), "%lld bytes", (long long)n);
    }
    ASSERT_OK(file_write(path_of(1), whole, &e), e);
    cr_assert(has(1, "some bytes of a program"));
    ASSERT_OK(file_write(path_of(2), whole, &e), e);
    cr_assert_not(has(2, "some bytes of a program"), "it is another's");
}

Test(compile_cache, a_folder_that_cannot_be_written_is_only_slower)
{
    struct err e = {0};
    ASSERT_OK(file_write(dir, STR("a file where the folder should be"), &e), e);
    put(1, "one");
    cr_assert_not(has(1, "one"));
    struct program p = fixture_compile_text(LANGUAGE_PYTHON, "print(1)");
    cr_assert(p.is_ok);
}

/* Bytes and files of the sub-folder. */
static int64_t measure(int64_t *n_files)
{
    char folder[2048];
    struct stat st;
    int64_t n = 0;
    *n_files = 0;
    (void)snprintf(folder, sizeof folder, "%s/a", dir);
    DIR *d = opendir(folder);
    cr_assert_not_null(d);
    for (const struct dirent *f = readdir(d); f != NULL; f = readdir(d))
        if (fstatat(dirfd(d), f->d_name, &st, 0) == 0 && S_ISREG(st.st_mode)) {
            n += st.st_size;
            ++*n_files;
        }
    (void)closedir(d);
    return n;
}

static void set_age(const char *path, int64_t seconds)
{
    struct timespec t[2] = {{.tv_sec = 1000000000 - seconds}, {.tv_sec = 1000000000 - seconds}};
    cr_assert_eq(utimensat(AT_FDCWD, path, t, 0), 0);
}

Test(compile_cache, the_folder_stays_bounded_and_the_oldest_go_first)
{
    const int64_t n = CACHE_BYTES_MAX / CACHE_FOLDERS / 5;
    char *bytes = NEW(&fixture.keep, char, n);
    int64_t n_files = 0;
    for (int i = 0; i < 5; i++) {
        cache_store(dir, key_of(i), (struct str){bytes, n - 4096}, fixture.tmp);
        set_age(path_of(i), 100 - i);
    }
    struct str got;
    struct arena keep = fixture.tmp;
    cr_assert(cache_find(dir, key_of(0), &got, &keep), "used now, so not the oldest");
    cache_store(dir, key_of(9), (struct str){bytes, n}, fixture.tmp);
    cr_assert_leq(measure(&n_files), CACHE_BYTES_MAX / CACHE_FOLDERS);
    keep = fixture.tmp;
    cr_assert(cache_find(dir, key_of(0), &got, &keep));
    cr_assert(cache_find(dir, key_of(9), &got, &keep));
    cr_assert_not(file_exists(path_of(1)));
    cr_assert_not(file_exists(path_of(2)));
    cache_store(dir, key_of(10), (struct str){bytes, n * 2}, fixture.tmp);
    cr_assert_not(file_exists(path_of(10)), "one that would push out all others");
}

Test(compile_cache, half_written_files_of_the_dead_go_after_a_while)
{
    struct err e = {0};
    char path[4096];
    put(1, "one");
    (void)snprintf(path, sizeof path, "%s-Ab12Cd", path_of(2));
    ASSERT_OK(file_write(path, STR("half"), &e), e);
    put(3, "three");
    cr_assert(file_exists(path), "it may still be written");
    set_age(path, 0);
    put(4, "four");
    cr_assert_not(file_exists(path));
}

/* A worker that stores forever, texts that tell their key. */
static _Noreturn void store_forever(void)
{
    static char text[200000];
    for (int i = 0;; i++) {
        (void)memset(text, 'a' + i % 16, sizeof text - 1);
        put(i % 16, text);
    }
}

Test(compile_cache, writers_that_race_and_are_killed_leave_whole_entries_or_none)
{
    static char text[200000];
    uint64_t seed = support_seed(7);
    for (int round = 0; round < 10; round++) {
        pid_t pid[3];
        for (int k = 0; k < 3; k++)
            if ((pid[k] = fork()) == 0)
                store_forever();
        (void)usleep((useconds_t)(5000 + (seed + (uint64_t)round * 7919) % 20000));
        for (int i = 0; i < 16; i++) {
            struct str got = {0};
            struct arena keep = fixture.tmp;
            (void)memset(text, 'a' + i, sizeof text - 1);
            if (cache_find(dir, key_of(i), &got, &keep))
                cr_expect(str_eq(got, str_of(text)), "key %d in round %d", i, round);
        }
        for (int k = 0; k < 3; k++) {
            (void)kill(pid[k], SIGKILL);
            (void)waitpid(pid[k], NULL, 0);
        }
    }
}

/* --- through compile ------------------------------------------------------------------------ */

static const char sum_text[] = "print(sum(map(int,input().split())))";

static void another_process(void)
{
    bench_forget(fixture.bench);
}

Test(compile_cache, another_process_finds_what_was_compiled)
{
    struct program p = fixture_compile_text(LANGUAGE_CPP, "int main(){return 3;}");
    cr_assert_not(p.was_cached);
    struct program q = fixture_compile_text(LANGUAGE_CPP, "int main(){return 3;}");
    cr_assert(q.was_cached, "in the same process");
    another_process();
    q = fixture_compile_text(LANGUAGE_CPP, "int main(){return 3;}");
    cr_assert(q.was_cached, "in another");
    cr_assert_str_eq(p.hash, q.hash);
    cr_assert(str_eq(p.tool, q.tool));
    struct sandbox_result r = fixture_run(&q, (struct str){0}, 1000, 64, NULL);
    cr_assert_eq(r.code, 3);
    fixture.env.cache_dir = NULL;
    another_process();
    q = fixture_compile_text(LANGUAGE_CPP, "int main(){return 3;}");
    cr_assert_not(q.was_cached);
}

Test(compile_cache, a_refusal_is_kept_with_its_words)
{
    struct program p = fixture_compile_text(LANGUAGE_PYTHON, "print(");
    another_process();
    struct program q = fixture_compile_text(LANGUAGE_PYTHON, "print(");
    cr_assert(q.was_cached);
    cr_assert_not(q.is_ok);
    cr_assert(str_eq(p.messages, q.messages));
}

Test(compile_cache, everything_that_could_matter_is_in_the_key)
{
    struct source a = {STR("a.py"), str_of(sum_text)};
    struct source b[] = {{STR("b.py"), str_of(sum_text)}, {STR("c.py"), STR("X=1")}};
    struct compile_in ins[] = {
        {.language = LANGUAGE_PYTHON, .files = &a, .n_files = 1},
        {.language = LANGUAGE_PYTHON, .files = b, .n_files = 2},
        {.language = LANGUAGE_PYTHON, .files = b, .n_files = 2, .entry = STR("c")},
        {.language = LANGUAGE_PYTHON, .files = &a, .n_files = 1, .extra = b, .n_extra = 2},
        {.language = LANGUAGE_PYTHON, .files = &a, .n_files = 1, .extra = b, .n_extra = 1},
        {.language = LANGUAGE_PYTHON, .files = &a, .n_files = 1, .compile_ms = 5000},
        {.language = LANGUAGE_CPP, .files = &a, .n_files = 1},
        {.language = LANGUAGE_CPP20, .files = &a, .n_files = 1},
        {.language = LANGUAGE_CPP, .style = COMPILE_CMS, .files = &a, .n_files = 1},
        {.language = LANGUAGE_CPP, .style = COMPILE_TASK, .files = &a, .n_files = 1},
    };
    enum { N = sizeof ins / sizeof *ins };
    struct program p[N];
    for (int i = 0; i < N; i++) {
        p[i] = fixture_compile(&ins[i]);
        cr_assert_not(p[i].was_cached, "%d", i);
        for (int k = 0; k < i; k++)
            cr_assert_str_neq(p[i].hash, p[k].hash, "%d and %d", i, k);
    }
}

Test(compile_cache, what_a_limit_cut_is_not_kept_for_others)
{
    struct source s = {STR("a.cpp"), STR("#include <bits/stdc++.h>\n#include <regex>\n"
                                         "int main(){std::regex r(\"a\");}")};
    struct compile_in in = {.language = LANGUAGE_CPP, .files = &s, .n_files = 1, .compile_ms = 300};
    struct program p = fixture_compile(&in);
    cr_assert_not(p.is_ok);
    cr_assert(str_find(p.messages, STR("cpu limit"), 0) >= 0, "%.*s", STR_ARG(p.messages));
    another_process();
    p = fixture_compile(&in);
    cr_assert_not(p.was_cached);
}

/* --- the header that is read once ------------------------------------------------------------- */

Test(compile_cache, the_header_is_for_programs_that_begin_with_it)
{
    static const char *const yes[] = {
        "#include <bits/stdc++.h>\nint main(){}", "\n\n  # include<bits/stdc++.h>\n",
        "// a\n/* b */\n#include <bits/stdc++.h>\r\nint x;", "#include <bits/stdc++.h>"};
    static const char *const no[] = {"",
                                     "#define X\n#include <bits/stdc++.h>\n",
                                     "#pragma GCC target(\"avx2\")\n#include <bits/stdc++.h>\n",
                                     "#include <cstdio>\n#include <bits/stdc++.h>\n",
                                     "// a \\\n#include <bits/stdc++.h>\n",
                                     "// a ?\?/\n#include <bits/stdc++.h>\n",
                                     "/* #include <bits/stdc++.h>\n",
                                     "#include <bits/stdc++.hpp>\n",
                                     "#include <bits/stdc++.h> X\n",
                                     "int x;\n#include <bits/stdc++.h>\n"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        cr_expect(pch_fits(str_of(yes[i])), "%s", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        cr_expect(!pch_fits(str_of(no[i])), "%s", no[i]);
}

static struct program with_header(int i, const char *rest)
{
    struct str text = arena_fmt(&fixture.keep, "#include <bits/stdc++.h>\n%s\n// %d\n", rest, i);
    return fixture_compile_text(LANGUAGE_CPP, text.at);
}

/* Number 3 and after use the header; the same text without a folder cannot. */
Test(compile_cache, a_program_is_the_same_to_the_byte_with_the_header, .timeout = 170)
{
    static const char *const rests[] = {
        "int main(){int n;std::cin>>n;std::vector<long>v(n,n);std::sort(v.begin(),v.end());"
        "std::map<int,std::string>m;m[n]=\"x\";std::cout<<v.size()<<m.size();}",
        "#pragma GCC optimize(\"O3\")\n#pragma GCC target(\"avx2\")\n#include <immintrin.h>\n"
        "int main(){auto v=_mm256_set1_epi32(3);alignas(32) int o[8];"
        "_mm256_store_si256((__m256i*)o,v);printf(\"%d %d %s\",o[1],__LINE__,__FILE__);}",
        "#include <ext/pb_ds/assoc_container.hpp>\n__gnu_pbds::tree<int,__gnu_pbds::null_type,"
        "std::less<int>,__gnu_pbds::rb_tree_tag> t;int main(){t.insert(1);"
        "try{throw 1;}catch(int){}std::cout<<t.size()<<__COUNTER__;}"};
    enum { N = sizeof rests / sizeof *rests };
    struct program p[N];
    for (int i = 0; i < 3; i++)
        (void)with_header(i, "int main(){}");
    const struct bench_header *h = &fixture.bench->headers[LANGUAGE_CPP][COMPILE_SUBMISSION];
    cr_assert(h->is_there);
    cr_assert_gt(h->n_bytes, 1000000);
    for (int i = 0; i < N; i++)
        p[i] = with_header(0, rests[i]);
    another_process();
    fixture.env.cache_dir = NULL;
    for (int i = 0; i < N; i++) {
        struct program q = with_header(0, rests[i]);
        cr_assert_not(q.was_cached);
        cr_assert(p[i].is_ok && q.is_ok, "%.*s", STR_ARG(q.messages));
        cr_assert(str_eq(p[i].files[0].bytes, q.files[0].bytes), "program %d", i);
    }
}

Test(compile_cache, a_damaged_header_is_not_used, .timeout = 170)
{
    struct err e = {0};
    for (int i = 0; i < 3; i++)
        (void)with_header(i, "int main(){}");
    struct bench_header *h = &fixture.bench->headers[LANGUAGE_CPP][COMPILE_SUBMISSION];
    cr_assert(h->is_there);
    ASSERT_OK(file_write(h->path, STR("not a header"), &e), e);
    struct program p = with_header(7, "int main(){return 5;}");
    cr_assert(p.is_ok, "with what it did not expect, g++ reads the real one: %.*s",
              STR_ARG(p.messages));
    *h = (struct bench_header){0}; /* as in another process */
    p = with_header(8, "int main(){return 5;}");
    cr_assert(p.is_ok);
    cr_assert_not(h->is_there);
}

/* --- in the process --------------------------------------------------------------------------- */

Test(compile_cache, the_process_keeps_no_more_than_its_bytes_and_the_newest)
{
    const int64_t n = BENCH_BYTES_MAX / 4;
    struct str large = {NEW(&fixture.keep, char, n), n};
    for (int i = 0; i < 6; i++) {
        bench_store(fixture.bench, key_of(i), large);
        cr_assert_leq(fixture.bench->n_bytes, BENCH_BYTES_MAX);
    }
    cr_assert_eq(bench_find(fixture.bench, key_of(5)).n, n);
    cr_assert_eq(bench_find(fixture.bench, key_of(2)).n, n);
    cr_assert_eq(bench_find(fixture.bench, key_of(1)).n, 0);
    for (int i = 10; i < 10 + 2 * BENCH_PROGRAMS; i++)
        bench_store(fixture.bench, key_of(i), STR("small"));
    cr_assert_eq(fixture.bench->n_bytes, 5 * BENCH_PROGRAMS);
    bench_store(fixture.bench, key_of(3), (struct str){large.at, BENCH_BYTES_MAX + 1});
    cr_assert_eq(bench_find(fixture.bench, key_of(3)).n, 0);
}
