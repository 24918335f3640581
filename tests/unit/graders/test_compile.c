/* Every language compiles and runs in the box as on a real machine. A language whose tool is
 * missing is skipped with the judge's own words. */
#include <stdio.h>

#include "graders/judge/recipe.h"
#include "tests/support/compile_fixture.h"
#include "tests/support/support.h"

enum { CPU_MS = 10000, MEMORY_MIB = 256 };

TestSuite(compile, .init = fixture_open, .fini = fixture_close, .timeout = 120);

/* What each language is asked, in its own words. */
struct words {
    enum language language;
    const char *sum;    /* two numbers from standard input */
    const char *args;   /* prints its first argument, exits with 7 */
    const char *throws; /* ends by an error nobody caught */
    const char *broken; /* does not compile */
};

static const struct words all[] = {
    {LANGUAGE_CPP,
     "#include <bits/stdc++.h>\nint main(){long long a,b;std::cin>>a>>b;std::cout<<a+b;}",
     "#include <cstdio>\nint main(int,char**v){puts(v[1]);return 7;}",
     "#include <stdexcept>\nint main(){throw std::runtime_error(\"x\");}", "int main({}"},
    {LANGUAGE_CPP20,
     "#include <bits/stdc++.h>\nint main(){long long a,b;std::cin>>a>>b;auto f=[]<class T>(T x,T y)"
     "requires std::integral<T>{return x+y;};std::cout<<f(a,b);}",
     "#include <cstdio>\nint main(int,char**v){puts(v[1]);return 7;}",
     "#include <vector>\nint main(){std::vector<int>v;v.at(3)=1;}", "int main(){concept;}"},
    {LANGUAGE_CPP23,
     "#include <bits/stdc++.h>\nint main(){long long a,b;std::cin>>a>>b;if consteval{a=0;}"
     "std::cout<<a+b;}",
     "#include <cstdio>\nint main(int,char**v){puts(v[1]);return 7;}",
     "#include <vector>\nint main(){std::vector<int>v;v.at(3)=1;}", "int main(){return}"},
    {LANGUAGE_C,
     "#include <stdio.h>\n#include <math.h>\nint main(void){long long a,b;"
     "scanf(\"%lld %lld\",&a,&b);printf(\"%lld\",a+b+(long long)floor(fabs(a*0.0)));}",
     "#include <stdio.h>\nint main(int n,char**v){puts(v[n-1]);return 7;}",
     "#include <stdlib.h>\nint main(void){abort();}", "int main(void){return x;}"},
    {LANGUAGE_PYTHON, "print(sum(map(int,input().split())))",
     "import sys\nprint(sys.argv[1])\nexit(7)", "print([][1])", "print(1"},
    {LANGUAGE_PYPY, "print(sum(map(int,input().split())))",
     "import sys\nprint(sys.argv[1])\nexit(7)", "print([][1])", "print(1"},
    {LANGUAGE_JAVA,
     "import java.util.*;\npublic class Solution {\n  public static void main(String[] a) {\n"
     "    Scanner s = new Scanner(System.in);\n"
     "    System.out.println(s.nextLong() + s.nextLong());\n  }\n}",
     "class Any { public static void main(String[] a) { System.out.println(a[0]);"
     "System.exit(7); } }",
     "public class Main { public static void main(String[] a) { a[5] = null; } }",
     "public class Main { int f() { } }"},
    {LANGUAGE_RUST,
     "use std::io::*;fn main(){let mut s=String::new();stdin().read_to_string(&mut s).unwrap();"
     "println!(\"{}\",s.split_whitespace().map(|x|x.parse::<i64>().unwrap()).sum::<i64>());}",
     "fn main(){println!(\"{}\",std::env::args().nth(1).unwrap());std::process::exit(7);}",
     "fn main(){let v:Vec<i32>=vec![];println!(\"{}\",v[1]);}", "fn main(){let x: i32 = \"\";}"},
    {LANGUAGE_GO,
     "package main\nimport \"fmt\"\nfunc main(){var a,b int64;fmt.Scan(&a,&b);fmt.Println(a+b)}",
     "package main\nimport (\"fmt\";\"os\")\nfunc main(){fmt.Println(os.Args[1]);os.Exit(7)}",
     "package main\nfunc main(){var a []int;a[1]=2}", "package main\nfunc main(){x:=1}"},
    {LANGUAGE_JAVASCRIPT,
     "const [a,b]=require('fs').readFileSync(0,'utf8').split(/\\s+/).map(Number);console.log(a+b);",
     "console.log(process.argv[2]);process.exit(7);", "null.x;", "let let = 1;"},
};
enum { N_ALL = sizeof all / sizeof *all };

static const struct words *words_of(enum language l)
{
    for (int i = 0; i < N_ALL; i++)
        if (all[i].language == l)
            return &all[i];
    cr_assert_fail("no words for %s", language_name(l));
    return NULL;
}

static void says(const struct sandbox_result *r, const char *want, int64_t code)
{
    cr_assert_eq(r->end, SANDBOX_EXITED, "%s (signal %lld): %.*s", sandbox_end_name(r->end),
                 (long long)r->signal, STR_ARG(str_sub(r->err, 0, 400)));
    cr_assert_eq(r->code, code, "exit code %lld: %.*s", (long long)r->code,
                 STR_ARG(str_sub(r->err, 0, 400)));
    cr_assert(str_eq(str_trim(r->out), str_of(want)), "\"%.*s\", not \"%s\"",
              STR_ARG(str_sub(r->out, 0, 200)), want);
}

static void check_language(enum language l)
{
    static const char *const args[] = {"an argument", NULL};
    const struct words *w = words_of(l);
    struct program p = fixture_compile_text(l, w->sum);
    struct sandbox_result r = fixture_run(&p, STR("4000000000 2\n"), CPU_MS, MEMORY_MIB, NULL);
    says(&r, "4000000002", 0);
    cr_log_info("%s: %.*s: %lld us, %lld KiB, %lld tasks\n", language_name(l), STR_ARG(p.tool),
                (long long)r.cpu_us, (long long)r.memory_kib, (long long)r.n_processes);
    p = fixture_compile_text(l, w->args);
    r = fixture_run(&p, (struct str){0}, CPU_MS, MEMORY_MIB, args);
    says(&r, "an argument", 7);
    p = fixture_compile_text(l, w->throws);
    r = fixture_run(&p, (struct str){0}, CPU_MS, MEMORY_MIB, NULL);
    cr_assert(r.end == SANDBOX_SIGNALLED || (r.end == SANDBOX_EXITED && r.code != 0), "%s %lld",
              sandbox_end_name(r.end), (long long)r.code);
    p = fixture_compile_text(l, w->broken);
    cr_assert_not(p.is_ok, "%s", w->broken);
    cr_assert_gt(p.messages.n, 0);
    cr_assert_lt(p.messages.n, 5000);
}

Test(compile, cpp17_compiles_runs_fails_and_is_refused)
{
    check_language(LANGUAGE_CPP);
}

Test(compile, cpp20_compiles_runs_fails_and_is_refused)
{
    check_language(LANGUAGE_CPP20);
}

Test(compile, cpp23_compiles_runs_fails_and_is_refused)
{
    check_language(LANGUAGE_CPP23);
}

Test(compile, c_compiles_runs_fails_and_is_refused)
{
    check_language(LANGUAGE_C);
}

Test(compile, python_compiles_runs_fails_and_is_refused)
{
    check_language(LANGUAGE_PYTHON);
}

Test(compile, pypy_compiles_runs_fails_and_is_refused)
{
    check_language(LANGUAGE_PYPY);
}

Test(compile, java_compiles_runs_fails_and_is_refused)
{
    check_language(LANGUAGE_JAVA);
}

Test(compile, rust_compiles_runs_fails_and_is_refused)
{
    check_language(LANGUAGE_RUST);
}

Test(compile, go_compiles_runs_fails_and_is_refused)
{
    check_language(LANGUAGE_GO);
}

Test(compile, javascript_compiles_runs_fails_and_is_refused)
{
    check_language(LANGUAGE_JAVASCRIPT);
}

/* --- several files ------------------------------------------------------------------------ */

struct task_file {
    const char *name;
    const char *text;
};

static struct source *sources_of(const struct task_file *f, int64_t *n)
{
    struct source *s = NEW(&fixture.keep, struct source, 16);
    for (*n = 0; f != NULL && f[*n].name != NULL; (*n)++)
        s[*n] = (struct source){str_of(f[*n].name), str_of(f[*n].text)};
    return s;
}

static struct program compile_files(struct compile_in in, const struct task_file *files,
                                    const struct task_file *extra)
{
    in.files = sources_of(files, &in.n_files);
    in.extra = sources_of(extra, &in.n_extra);
    return fixture_compile(&in);
}

static void prints(const struct program *p, const char *want)
{
    cr_assert(p->is_ok, "%.*s", STR_ARG(p->messages));
    struct sandbox_result r = fixture_run(p, STR("20\n"), CPU_MS, MEMORY_MIB, NULL);
    says(&r, want, 0);
}

static const struct task_file cpp_grader[] = {
    {"grader.cpp", "#include \"twice.h\"\n#include <cstdio>\n"
                   "int main(){int n;if(scanf(\"%d\",&n))printf(\"%d\",twice(n));}"},
    {"twice.h", "#pragma once\nint twice(int n);\n"},
    {0}};

Test(compile, a_grader_that_owns_main_is_compiled_with_the_submission)
{
    static const struct task_file own[] = {
        {"twice.cpp", "#include \"twice.h\"\nint twice(int n){return 2*n;}"}, {0}};
    struct program p =
        compile_files((struct compile_in){.language = LANGUAGE_CPP}, own, cpp_grader);
    prints(&p, "40");
}

Test(compile, a_submission_without_an_ending_goes_with_a_grader_too)
{
    static const struct task_file own[] = {
        {"prog", "#include \"twice.h\"\nint twice(int n){return 2*n+1;}"}, {0}};
    struct program p =
        compile_files((struct compile_in){.language = LANGUAGE_CPP20}, own, cpp_grader);
    prints(&p, "41");
}

Test(compile, the_tasks_files_stand_over_the_submissions)
{
    static const struct task_file own[] = {
        {"twice.cpp", "#include \"twice.h\"\nint twice(int n){return 3*n;}"},
        {"twice.h", "#error not this one\n"},
        {"grader.cpp", "#error nor this\n"},
        {0}};
    struct program p =
        compile_files((struct compile_in){.language = LANGUAGE_CPP}, own, cpp_grader);
    prints(&p, "60");
    static const struct task_file only_theirs[] = {{"grader.cpp", "int main(){}"}, {0}};
    p = compile_files((struct compile_in){.language = LANGUAGE_CPP}, only_theirs, cpp_grader);
    cr_assert_not(p.is_ok);
    cr_assert(str_find(p.messages, STR("no file is cpp source"), 0) >= 0, "%.*s",
              STR_ARG(p.messages));
}

Test(compile, the_contests_own_style_defines_eval_and_links_static)
{
    static const struct task_file own[] = {
        {"a.cpp", "#include <cstdio>\n#ifndef EVAL\n#error\n#endif\n"
                  "int main(){FILE*f=fopen(\"a.cpp\",\"r\");printf(\"%d\",f!=nullptr);}"},
        {0}};
    struct program p = compile_files(
        (struct compile_in){.language = LANGUAGE_CPP20, .style = COMPILE_CMS}, own, NULL);
    prints(&p, "0"); /* and the source is not beside the program */
    bool is_dynamic = str_find(p.files[0].bytes, STR("/ld-linux"), 0) >= 0;
    bool says_so = str_find(p.tool, STR("not static"), 0) >= 0;
    cr_assert_eq(is_dynamic, says_so, "%.*s", STR_ARG(p.tool));
}

Test(compile, c_in_several_files_and_a_header_of_its_own)
{
    static const struct task_file own[] = {
        {"b.c", "#include \"a.h\"\nint f(void){return 5;}"},
        {"a.c", "#include <stdio.h>\n#include \"a.h\"\nint main(void){printf(\"%d\",f());}"},
        {"a.h", "int f(void);\n"},
        {"notes.txt", "not source"},
        {0}};
    struct program p = compile_files((struct compile_in){.language = LANGUAGE_C}, own, NULL);
    prints(&p, "5");
}

Test(compile, sources_in_folders_find_headers_from_the_root)
{
    fixture_needs_folders();
    static const struct task_file own[] = {
        {"src/main.cpp", "#include \"inc/a.h\"\n#include \"b.h\"\n#include <cstdio>\n"
                         "int main(){printf(\"%d\",A+B);}"},
        {"inc/a.h", "#define A 1\n"},
        {"src/b.h", "#define B 2\n"},
        {0}};
    struct program p = compile_files((struct compile_in){.language = LANGUAGE_CPP}, own, NULL);
    prints(&p, "3");
}

Test(compile, a_python_grader_imports_the_solution)
{
    static const struct task_file own[] = {{"twice.py", "def twice(n):\n    return 2 * n\n"}, {0}};
    static const struct task_file extra[] = {
        {"grader.py", "import twice\nprint(twice.twice(int(input())))"}, {0}};
    struct program p = compile_files(
        (struct compile_in){.language = LANGUAGE_PYTHON, .entry = STR("grader")}, own, extra);
    prints(&p, "40");
    p = compile_files((struct compile_in){.language = LANGUAGE_PYTHON}, own, extra);
    prints(&p, "40");
}

Test(compile, python_in_several_files_begins_at_main)
{
    static const struct task_file own[] = {
        {"a.py", "X = 3\n"}, {"main.py", "import a\nprint(a.X)"}, {0}};
    struct program p = compile_files((struct compile_in){.language = LANGUAGE_PYTHON}, own, NULL);
    prints(&p, "3");
    static const struct task_file broken[] = {{"a.py", "X = = 3\n"}, {"main.py", "import a"}, {0}};
    p = compile_files((struct compile_in){.language = LANGUAGE_PYTHON}, broken, NULL);
    cr_assert_not(p.is_ok, "every file is read");
}

Test(compile, a_java_grader_with_main_calls_the_solution)
{
    static const struct task_file own[] = {
        {"twice.java", "public class twice { public int twice(int n) { return 2 * n; } }"}, {0}};
    static const struct task_file extra[] = {
        {"grader.java", "import java.util.*;\npublic class grader {\n"
                        "  public static void main(String[] a) {\n"
                        "    int n = new Scanner(System.in).nextInt();\n"
                        "    System.out.println(new twice().twice(n));\n  }\n}"},
        {0}};
    struct program p = compile_files(
        (struct compile_in){.language = LANGUAGE_JAVA, .entry = STR("grader")}, own, extra);
    prints(&p, "40");
    p = compile_files((struct compile_in){.language = LANGUAGE_JAVA}, own, extra);
    prints(&p, "40");
}

Test(compile, java_finds_its_file_and_its_main_class)
{
    struct program p = fixture_compile_text(
        LANGUAGE_JAVA,
        "// public class Wrong {\n/* public class Wrong */\n"
        "class Helper { String s = \"public class Wrong { // \"; char c = '\"'; record R(int x){} "
        "}\n"
        "public final class Weird$Name_1 {\n  static class Inner { Runnable r = () -> { }; }\n"
        "  public static void main(String... args) { System.out.println(new Helper.R(6).x()); "
        "}\n}");
    prints(&p, "6");
    p = fixture_compile_text(LANGUAGE_JAVA, "class A { public static void main(String[] a) { } }\n"
                                            "class Main { public static void main(String[] a) {\n"
                                            "System.out.println(\"Main\"); } }");
    prints(&p, "Main");
    p = fixture_compile_text(LANGUAGE_JAVA, "public class Main { static void main() { } }");
    if (p.is_ok) /* Java 25 starts it */
        cr_assert_geq(p.n_argv, 3);
    p = fixture_compile_text(LANGUAGE_JAVA, "public class Main { // main(String[] a)\n}");
    cr_assert_not(p.is_ok);
    cr_assert(str_find(p.messages, STR("no class has a method"), 0) >= 0);
}

Test(compile, java_in_a_package)
{
    fixture_needs_folders();
    struct program p =
        fixture_compile_text(LANGUAGE_JAVA, "package a.b;\npublic class Main {\n"
                                            "public static void main(String[] a) {\n"
                                            "System.out.println(Main.class.getName()); } }");
    prints(&p, "a.b.Main");
}

Test(compile, rust_and_go_in_several_files)
{
    static const struct task_file rust[] = {
        {"util.rs", "pub fn f() -> i32 { 8 }"},
        {"main.rs", "mod util; fn main(){print!(\"{}\",util::f())}"},
        {0}};
    struct program p = compile_files((struct compile_in){.language = LANGUAGE_RUST}, rust, NULL);
    prints(&p, "8");
    static const struct task_file go[] = {
        {"a.go", "package main\nfunc f() int { return 9 }"},
        {"b.go", "package main\nimport \"fmt\"\nfunc main() { fmt.Print(f()) }"},
        {0}};
    p = compile_files((struct compile_in){.language = LANGUAGE_GO}, go, NULL);
    prints(&p, "9");
}

Test(compile, javascript_requires_its_other_files)
{
    static const struct task_file own[] = {{"util.js", "exports.f = () => 4;"},
                                           {"main.js", "console.log(require('./util').f())"},
                                           {0}};
    struct program p =
        compile_files((struct compile_in){.language = LANGUAGE_JAVASCRIPT}, own, NULL);
    prints(&p, "4");
    static const struct task_file module[] = {
        {"sol.mjs",
         "import { readFileSync } from 'fs';\nconsole.log(readFileSync(0,'utf8').trim())"},
        {0}};
    p = compile_files((struct compile_in){.language = LANGUAGE_JAVASCRIPT}, module, NULL);
    prints(&p, "20");
}

/* --- names -------------------------------------------------------------------------------- */

Test(compile, names_that_look_like_options_are_only_names)
{
    static const char *const names[] = {"-o.cpp",      "@x.cpp",       "a b.cpp",     "-.cpp",
                                        "a'b\"$x.cpp", "-include.cpp", "\xc3\xa9.cpp"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct task_file own[] = {
            {names[i], "int f(){return 1;}"},
            {"m.cpp", "#include <cstdio>\nint f();int main(){printf(\"%d\",f());}"},
            {0}};
        struct program p = compile_files((struct compile_in){.language = LANGUAGE_CPP}, own, NULL);
        cr_assert(p.is_ok, "%s: %.*s", names[i], STR_ARG(p.messages));
        prints(&p, "1");
        struct task_file lone[] = {{names[i], "int main(){}"}, {0}};
        p = compile_files((struct compile_in){.language = LANGUAGE_CPP}, lone, NULL);
        cr_assert(p.is_ok, "alone %s: %.*s", names[i], STR_ARG(p.messages));
    }
    static const struct task_file py[] = {{"-c.py", "X=1"}, {"-x.py", "print(1)"}, {0}};
    struct program p = compile_files(
        (struct compile_in){.language = LANGUAGE_PYTHON, .entry = STR("-x")}, py, NULL);
    prints(&p, "1");
}

static void refused(const char *name, const char *why)
{
    struct task_file own[] = {{"m.cpp", "int main(){}"}, {name, "x"}, {0}};
    struct program p = compile_files((struct compile_in){.language = LANGUAGE_CPP}, own, NULL);
    cr_expect(!p.is_ok, "%s was taken", name);
    cr_expect(str_find(p.messages, str_of(why), 0) >= 0, "%s: %.*s", name, STR_ARG(p.messages));
    struct compile_in in = {.language = LANGUAGE_CPP};
    static const struct task_file good[] = {{"s.cpp", "int main(){}"}, {0}};
    in.files = sources_of(good, &in.n_files);
    in.extra = sources_of(own, &in.n_extra);
    if (str_find(p.messages, STR("compiled already"), 0) >= 0)
        return; /* a task may bring such a file */
    struct err e = fixture_compile_fails(&in);
    cr_expect_eq(e.cls, ERR_INPUT, "%s: %s", name, e.text);
}

Test(compile, names_that_leave_the_box_or_hide_what_is_in_them_are_refused)
{
    refused("../x.cpp", "cannot be called");
    refused("/etc/x.cpp", "cannot be called");
    refused("a//x.cpp", "cannot be called");
    refused("./x.cpp", "cannot be called");
    refused("a/../x.cpp", "cannot be called");
    refused("x/", "cannot be called");
    refused("a\nb.cpp", "cannot be called");
    refused("", "cannot be called");
    refused("twice.h/", "cannot be called");
    refused("m.cpp", "two files");
    refused("twice.h.gch", "compiled already");
    refused("x.o", "compiled already");
    refused("libx.a", "compiled already");
}

Test(compile, a_data_file_may_not_stand_where_the_program_will)
{
    static const struct task_file own[] = {
        {"Main.java", "class Main { public static void main(String[] a) { } }"},
        {"prog.tar", "x"},
        {0}};
    struct program p = compile_files((struct compile_in){.language = LANGUAGE_JAVA}, own, NULL);
    cr_assert_not(p.is_ok);
    cr_assert(str_find(p.messages, STR("cannot be called prog.tar"), 0) >= 0);
}

/* --- the machine's fault -------------------------------------------------------------------- */

Test(compile, a_tool_that_is_not_there_is_nobodys_verdict)
{
    struct err e = {0};
    struct bench_tool *t = NULL;
    cr_assert_not(bench_tool(fixture.bench, "no-such-compiler", &fixture.env, &t, &e));
    cr_assert_eq(e.cls, ERR_UNSUPPORTED);
    cr_assert_str_eq(e.text, "no no-such-compiler on this machine");
}

Test(compile, every_tool_says_its_name_and_version)
{
    static const char *const tools[] = {"g++",  "gcc",   "python3", "pypy3", "javac",
                                        "java", "rustc", "go",      "node"};
    struct err e = {0};
    struct bench_tool *t = NULL;
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
        if (!bench_tool(fixture.bench, tools[i], &fixture.env, &t, &e))
            continue;
        cr_log_info("%s: %s\n", tools[i], t->version);
        cr_assert(strpbrk(t->version, "0123456789") != NULL, "%s", t->version);
        cr_assert(strcmp(tools[i], "pypy3") != 0 || strncmp(t->version, "pypy3", 5) == 0);
    }
}

/* --- without namespaces ------------------------------------------------------------------- */

static bool is_here(enum language l)
{
    struct err e = {0};
    struct bench_tool *t = NULL;
    return bench_tool(fixture.bench, recipe_of(l)->tool, &fixture.env, &t, &e) ||
           e.cls != ERR_UNSUPPORTED;
}

Test(compile, every_language_runs_in_the_fallback_too)
{
    struct err e = {0};
    bench_close();
    fixture.env.no_namespaces = true;
    ASSERT_OK(bench_get(&fixture.env, &fixture.bench, &e), e);
    for (int i = 0; i < N_ALL; i++) {
        if (!is_here(all[i].language))
            continue;
        struct program p = fixture_compile_text(all[i].language, all[i].sum);
        struct sandbox_result r = fixture_run(&p, STR("4000000000 2\n"), CPU_MS, MEMORY_MIB, NULL);
        cr_log_info("%s\n", language_name(all[i].language));
        says(&r, "4000000002", 0);
    }
}
