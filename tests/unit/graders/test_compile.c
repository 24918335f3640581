/* Every language compiles and runs in the box as on a real machine. A language whose tool is
 * missing is skipped with the judge's own words. */
#include <stdio.h>

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
