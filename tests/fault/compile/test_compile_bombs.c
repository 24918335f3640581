/* Sources that attack the compiler, the machine or its secrets. Each must end in CE, or compile and
 * then end in the verdict its run deserves; never in an err, which would be the judge giving up,
 * and never with anything of the host in what comes back. */
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "tests/support/compile_fixture.h"
#include "tests/support/support.h"

enum { BOMB_MS = 4000 };

TestSuite(compile_bombs, .init = fixture_open, .fini = fixture_close, .timeout = 170);

static void setup_fallback(void)
{
    fixture_open();
    fixture.env.no_namespaces = true;
    bench_close();
    struct err e = {0};
    ASSERT_OK(bench_get(&fixture.env, &fixture.bench, &e), e);
}

TestSuite(compile_bombs_fallback, .init = setup_fallback, .fini = fixture_close, .timeout = 170);

static struct program explode(enum language l, struct str text)
{
    struct source s = {STR("prog"), text};
    struct compile_in in = {.language = l, .files = &s, .n_files = 1, .compile_ms = BOMB_MS};
    int64_t from = clock_ns();
    struct program p = fixture_compile(&in);
    cr_expect_lt(clock_ns() - from, 60 * 1000000000LL, "%.*s", STR_ARG(str_sub(text, 0, 80)));
    cr_expect_lt(p.messages.n, 8192);
    return p;
}

static void is_ce(enum language l, const char *text)
{
    struct program p = explode(l, str_of(text));
    cr_expect(!p.is_ok, "it compiled: %.80s", text);
    cr_expect_gt(p.messages.n, 0, "no reason: %.80s", text);
    cr_log_info("%.60s: %.*s\n", text, STR_ARG(str_sub(p.messages, 0, 100)));
}

/* --- reading what never ends ------------------------------------------------------------------ */

Test(compile_bombs, files_that_never_end)
{
    is_ce(LANGUAGE_CPP, "#include \"/dev/zero\"\nint main(){}");
    is_ce(LANGUAGE_CPP, "#include \"/dev/random\"\nint main(){}");
    is_ce(LANGUAGE_CPP, "#include \"/dev/urandom\"\nint main(){}");
    is_ce(LANGUAGE_C, "#include \"/dev/zero\"\nint main(void){}");
    is_ce(LANGUAGE_RUST, "static X: &[u8] = include_bytes!(\"/dev/zero\");\n"
                         "fn main(){println!(\"{}\",X.len());}");
}

Test(compile_bombs, files_that_are_the_compilers_own)
{
    /* waiting for what it writes itself */
    is_ce(LANGUAGE_CPP, "#include \"/dev/stdout\"\nint main(){}");
    is_ce(LANGUAGE_CPP, "#include \"/proc/self/fd/2\"\nint main(){}");
}

Test(compile_bombs, standard_input_and_the_terminal_hold_nothing)
{
    struct program p = explode(LANGUAGE_CPP, STR("#include \"/dev/stdin\"\nint main(){}"));
    cr_log_info("/dev/stdin: %s\n", p.is_ok ? "empty" : "refused");
    is_ce(LANGUAGE_CPP, "#include \"/dev/tty\"\nint main(){}");
}

Test(compile_bombs, a_file_that_includes_itself)
{
    is_ce(LANGUAGE_CPP, "#include \"prog.cpp\"\n#include \"prog.cpp\"\n");
    is_ce(LANGUAGE_CPP, "#include __FILE__\n#warning again\n#include __FILE__\n");
}

/* --- growing ---------------------------------------------------------------------------------- */

Test(compile_bombs, templates_deep_and_wide)
{
    is_ce(LANGUAGE_CPP, "template<int N> struct T{static const int v=T<N-1>::v+T<N-2>::v;};"
                        "int main(){return T<5000>::v;}");
    is_ce(LANGUAGE_CPP, "template<int N,int M> struct T{T<N-1,2*M> a;T<N-1,2*M+1> b;};"
                        "template<int M> struct T<0,M>{};int main(){T<24,1> t;}");
    is_ce(LANGUAGE_CPP, "template<class T> struct P{T*a;P<P<T>> *f(){return P<P<T>>().f(),nullptr;}"
                        "};int main(){P<int>().f();}");
}

Test(compile_bombs, macros_that_double)
{
    struct buf b = {0};
    buf_put(&b, STR("#define A0 1,1,\n"));
    for (int i = 1; i <= 28; i++)
        buf_fmt(&b, "#define A%d A%d A%d\n", i, i - 1, i - 1);
    buf_put(&b, STR("int a[]={A28};int main(){}"));
    struct program p = explode(LANGUAGE_CPP, buf_str(&b));
    cr_assert_not(p.is_ok);
    buf_free(&b);
}

Test(compile_bombs, loops_at_compile_time)
{
    is_ce(LANGUAGE_CPP, "constexpr long f(){long s=0;for(long i=0;;i++)s+=i;return s;}"
                        "constexpr long x=f();int main(){}");
    is_ce(LANGUAGE_CPP20, "consteval int f(int n){return n<2?1:f(n-1)+f(n-2);}"
                          "int main(){return f(80);}");
    is_ce(LANGUAGE_C, "asm(\".rept 1000000000\\n.long 1\\n.endr\");int main(void){}");
    is_ce(LANGUAGE_RUST, "const fn f(n:u64)->u64{if n<2{1}else{f(n-1)+f(n-2)}}\n"
                         "const X:u64=f(80);fn main(){println!(\"{}\",X);}");
}

Test(compile_bombs, floods_of_errors_are_cut)
{
    struct buf b = {0};
    for (int i = 0; i < 3000; i++)
        buf_fmt(&b, "template<class T> struct X%d{typename T::q y;}; X%d<int> v%d;\n", i, i, i);
    struct program p = explode(LANGUAGE_CPP, buf_str(&b));
    cr_expect_not(p.is_ok);
    buf_clear(&b);
    for (int i = 0; i < 20000; i++)
        buf_fmt(&b, "class A%d extends B%d { }\n", i, i);
    p = explode(LANGUAGE_JAVA, buf_str(&b));
    cr_expect_not(p.is_ok);
    buf_clear(&b);
    for (int i = 0; i < 200000; i++)
        buf_put(&b, STR("("));
    p = explode(LANGUAGE_PYTHON, buf_str(&b));
    cr_expect_not(p.is_ok);
    buf_free(&b);
}

Test(compile_bombs, arrays_that_are_too_large)
{
    is_ce(LANGUAGE_CPP, "int a[1<<28]={1};int main(){}");
    is_ce(LANGUAGE_C, "char a[1ull<<33]={1};int main(void){}");
    struct buf b = {0};
    buf_put(&b, STR("public class Main { static int[] a = {"));
    for (int i = 0; i < 20000; i++)
        buf_fmt(&b, "%d,", i);
    buf_put(&b, STR("}; public static void main(String[] s) { } }"));
    struct program p = explode(LANGUAGE_JAVA, buf_str(&b));
    cr_expect_not(p.is_ok, "more code than a method may have");
    buf_free(&b);
}

Test(compile_bombs, a_tebibyte_of_nothing_compiles_and_does_not_run)
{
    struct program p = explode(
        LANGUAGE_CPP, STR("#include <cstdio>\nchar a[1ull<<40];int main(){puts(\"ran\");}"));
    if (!p.is_ok) /* some linkers refuse */
        return;
    struct sandbox_result r = fixture_run(&p, (struct str){0}, 1000, 256, NULL);
    cr_assert(r.end == SANDBOX_MEMORY || r.end == SANDBOX_SIGNALLED || r.code != 0, "%s",
              sandbox_end_name(r.end));
    cr_assert_eq(r.out.n, 0);
}

Test(compile_bombs, compilers_that_are_led_into_crashes)
{
    struct buf b = {0};
    buf_put(&b, STR("int main(){return "));
    for (int i = 0; i < 200000; i++)
        buf_put(&b, STR("(1+"));
    struct program p = explode(LANGUAGE_CPP, buf_str(&b));
    cr_expect_not(p.is_ok);
    p = explode(LANGUAGE_RUST, buf_str(&b));
    cr_expect_not(p.is_ok);
    buf_free(&b);
    is_ce(LANGUAGE_CPP, "int main(){\x01\x02\xff\xfe}");
    is_ce(LANGUAGE_PYTHON, "x = '\xff\xfe'\n");
    p = explode(LANGUAGE_PYTHON, STR("print(1)\0print(2)"));
    cr_log_info("NUL in python: %d\n", p.is_ok);
    p = explode(LANGUAGE_CPP, STR("int main(){}\0 int main(){}"));
    cr_log_info("NUL in c++: %d\n", p.is_ok);
}

/* --- reading what is not theirs --------------------------------------------------------------- */

static void check_secrets(void)
{
    is_ce(LANGUAGE_CPP, "asm(\".incbin \\\"/etc/shadow\\\"\");int main(){}");
    is_ce(LANGUAGE_CPP, "#include \"/etc/shadow\"\nint main(){}");
    is_ce(LANGUAGE_CPP, "#include \"/etc/hostname\"\nint main(){}");
    is_ce(LANGUAGE_CPP, "#include \"/proc/1/environ\"\nint main(){}");
    is_ce(LANGUAGE_CPP, "#include \"/proc/self/root"
                        "/etc/shadow\"\nint main(){}");
    is_ce(LANGUAGE_CPP, "#include \"/proc/version\"\nint main(){}");
    is_ce(LANGUAGE_CPP, "#include \"/proc/self/../sys/kernel/hostname\"\nint main(){}");
    is_ce(LANGUAGE_CPP,
          "#if __has_include(\"/etc/shadow\")\nint main(){}\n#else\n#error no\n#endif");
    is_ce(LANGUAGE_RUST, "fn main(){println!(\"{}\",include_bytes!(\"/etc/shadow\").len());}");
    is_ce(LANGUAGE_RUST, "fn main(){println!(\"{}\",include_str!(\"/proc/1/environ\"));}");
}

Test(compile_bombs, secrets_of_the_host_are_not_there)
{
    check_secrets();
}

Test(compile_bombs_fallback, secrets_of_the_host_are_not_there)
{
    struct str isolation;
    struct str why;
    sandbox_isolation(fixture.bench->box, &isolation, &why);
    if (str_find(isolation, STR("landlock"), 0) < 0)
        support_skip("landlock", "without Landlock the fallback does not hide files");
    check_secrets();
}

/* A file of the test's own with a word in it, somewhere that everyone may read. */
Test(compile_bombs, files_of_the_host_leave_no_word_in_the_messages)
{
    struct err e = {0};
    char path[1024];
    char text[1200];
    (void)snprintf(path, sizeof path, "%s/secret.h", support_temp());
    ASSERT_OK(file_write(path, STR("SECRET_WORD_OF_THE_HOST\n"), &e), e);
    (void)snprintf(text, sizeof text, "#include \"%s\"\nint main(){}", path);
    struct program p = explode(LANGUAGE_CPP, str_of(text));
    cr_assert_not(p.is_ok);
    cr_assert(str_find(p.messages, STR("SECRET_WORD"), 0) < 0, "%.*s", STR_ARG(p.messages));
}

Test(compile_bombs, standard_error_is_not_read_back)
{
    struct program p = explode(LANGUAGE_CPP, STR("#include \"/etc/passwd\"\nint main(){}"));
    cr_assert_not(p.is_ok);
    cr_assert(str_find(p.messages, STR("/root"), 0) < 0, "the made-up one, or none: %.*s",
              STR_ARG(p.messages));
}

/* --- running at build time -------------------------------------------------------------------- */

static struct program compile_two(enum language l, struct source a, struct source b)
{
    struct source files[] = {a, b};
    struct compile_in in = {.language = l, .files = files, .n_files = 2, .compile_ms = 20000};
    return fixture_compile(&in);
}

Test(compile_bombs, an_annotation_processor_does_not_run)
{
    fixture_needs_folders();
    struct program p = compile_two(
        LANGUAGE_JAVA,
        (struct source){
            STR("Main.java"),
            STR("import javax.annotation.processing.*; import java.util.*;\n"
                "import javax.lang.model.element.*;\n"
                "@SupportedAnnotationTypes(\"*\")\n"
                "public class Main extends AbstractProcessor {\n"
                "public boolean process(Set<? extends TypeElement> s, RoundEnvironment r)"
                " { throw new Error(\"RAN\"); }\n"
                "public static void main(String[] a) { System.out.print(1); } }")},
        (struct source){STR("META-INF/services/javax.annotation.processing.Processor"),
                        STR("Main\n")});
    cr_assert(p.is_ok, "%.*s", STR_ARG(p.messages));
    cr_assert(str_find(p.messages, STR("RAN"), 0) < 0);
}

Test(compile_bombs, python_is_read_and_not_run)
{
    struct program p = compile_two(
        LANGUAGE_PYTHON, (struct source){STR("main.py"), STR("import sys\nsys.exit(3)")},
        (struct source){STR("sitecustomize.py"), STR("raise SystemExit(9)")});
    cr_assert(p.is_ok, "%.*s", STR_ARG(p.messages));
    p = compile_two(LANGUAGE_PYTHON, (struct source){STR("main.py"), STR("import sys\nprint(1)")},
                    (struct source){STR("encodings.py"), STR("raise SystemExit(9)")});
    cr_assert(p.is_ok, "%.*s", STR_ARG(p.messages));
    struct program q = compile_two(LANGUAGE_PYTHON, (struct source){STR("main.py"), STR("print(1")},
                                   (struct source){STR("ast.py"), STR("raise SystemExit(0)")});
    cr_assert_not(q.is_ok, "a module of the folder must not answer for the syntax check");
}

Test(compile_bombs, a_module_named_as_the_librarys_is_the_programs_own_affair)
{
    struct program p = compile_two(
        LANGUAGE_PYTHON, (struct source){STR("main.py"), STR("import random\nprint(random.X)")},
        (struct source){STR("random.py"), STR("X = 5\n")});
    struct sandbox_result r = fixture_run(&p, (struct str){0}, 5000, 128, NULL);
    cr_assert(str_eq(str_trim(r.out), STR("5")), "%.*s", STR_ARG(r.err));
}

Test(compile_bombs, rust_has_no_procedural_macros_and_no_build_script)
{
    struct program p = compile_two(
        LANGUAGE_RUST, (struct source){STR("main.rs"), STR("fn main(){print!(\"1\");}")},
        (struct source){STR("build.rs"), STR("fn main(){panic!(\"RAN\");}")});
    cr_assert(p.is_ok, "%.*s", STR_ARG(p.messages));
    is_ce(LANGUAGE_RUST, "extern crate proc_macro;use proc_macro::TokenStream;\n"
                         "#[proc_macro] pub fn f(_:TokenStream)->TokenStream{panic!(\"RAN\")}\n"
                         "fn main(){}");
}

Test(compile_bombs, go_neither_generates_nor_calls_c)
{
    is_ce(LANGUAGE_GO, "package main\n// #include \"/etc/shadow\"\nimport \"C\"\nfunc main(){}");
    is_ce(LANGUAGE_GO, "package main\nimport _ \"example.com/no/such\"\nfunc main(){}");
    struct program p = compile_two(
        LANGUAGE_GO,
        (struct source){STR("a.go"), STR("package main\n//go:generate sh -c false\nfunc main(){}")},
        (struct source){STR("go.mod"), STR("module x\ngo 99.0\n")});
    cr_expect(p.is_ok, "%.*s", STR_ARG(p.messages));
    is_ce(LANGUAGE_GO, "package main\nimport _ \"embed\"\n//go:embed /etc/shadow\n"
                       "var s string\nfunc main(){println(s)}");
}

Test(compile_bombs, node_checks_without_running)
{
    struct program p = explode(LANGUAGE_JAVASCRIPT, STR("process.exit(9)"));
    cr_assert(p.is_ok, "%.*s", STR_ARG(p.messages));
    p = compile_two(LANGUAGE_JAVASCRIPT, (struct source){STR("main.js"), STR("console.log(1)")},
                    (struct source){STR("package.json"), STR("{\"type\": 3, \"main\": \"x\"")});
    cr_log_info("a broken package.json: %d\n", p.is_ok);
}

Test(compile_bombs, a_specs_file_of_the_submission_is_not_obeyed)
{
    struct program p = compile_two(
        LANGUAGE_CPP, (struct source){STR("main.cpp"), STR("int main(){}")},
        (struct source){STR("specs"), STR("%rename link old\n*link:\n--bad-option %(old)\n")});
    cr_assert(p.is_ok, "%.*s", STR_ARG(p.messages));
    cr_assert(str_find(p.messages, STR("bad-option"), 0) < 0);
}
