/* How programs of each language meet large input, deep recursion and the memory limit: as on a
 * real machine, or with an end that says what happened. */
#include <stdio.h>

#include "tests/support/compile_fixture.h"
#include "tests/support/support.h"

TestSuite(compile_runs, .init = fixture_open, .fini = fixture_close, .timeout = 120);

static void ends_well(const struct sandbox_result *r, const char *want)
{
    cr_assert_eq(r->end, SANDBOX_EXITED, "%s, signal %lld, %lld KiB: %.*s",
                 sandbox_end_name(r->end), (long long)r->signal, (long long)r->memory_kib,
                 STR_ARG(str_sub(r->err, 0, 400)));
    cr_assert_eq(r->code, 0, "exit code %lld: %.*s", (long long)r->code,
                 STR_ARG(str_sub(r->err, 0, 400)));
    cr_assert(str_eq(str_trim(r->out), str_of(want)), "\"%.*s\", not \"%s\"",
              STR_ARG(str_sub(r->out, 0, 200)), want);
}

static bool ends_in_error(const struct sandbox_result *r)
{
    return r->end == SANDBOX_SIGNALLED || r->end == SANDBOX_MEMORY ||
           (r->end == SANDBOX_EXITED && r->code != 0);
}

/* --- input ---------------------------------------------------------------------------------- */

enum { NUMBERS = 500000 };

/* n, then n numbers in one line. */
static struct str many_numbers(int64_t *sum)
{
    struct buf b = {0};
    buf_fmt(&b, "%d\n", NUMBERS);
    *sum = 0;
    for (int i = 0; i < NUMBERS; i++) {
        int64_t v = (int64_t)((uint32_t)i * 2654435761U % 1000000007U);
        *sum += v;
        buf_fmt(&b, "%lld ", (long long)v);
    }
    buf_byte(&b, '\n');
    struct str s = arena_str(&fixture.keep, buf_str(&b));
    buf_free(&b);
    return s;
}

static void sums_many(enum language l, const char *text)
{
    char want[32];
    int64_t sum = 0;
    struct str input = many_numbers(&sum);
    struct program p = fixture_compile_text(l, text);
    (void)snprintf(want, sizeof want, "%lld", (long long)sum);
    struct sandbox_result r = fixture_run(&p, input, 10000, 256, NULL);
    ends_well(&r, want);
    cr_log_info("%s: %lld numbers: %lld us, %lld KiB\n", language_name(l), (long long)NUMBERS,
                (long long)r.cpu_us, (long long)r.memory_kib);
}

Test(compile_runs, cin_reads_large_input)
{
    sums_many(LANGUAGE_CPP, "#include <iostream>\nint main(){int n;long long s=0,x;std::cin>>n;"
                            "while(n--){std::cin>>x;s+=x;}std::cout<<s;}");
    sums_many(LANGUAGE_CPP, "#include <cstdio>\nint main(){int n,c;long long s=0;scanf(\"%d\",&n);"
                            "while(n--){long long x;scanf(\"%lld\",&x);s+=x;}"
                            "while((c=getchar_unlocked())!=EOF);printf(\"%lld\",s);}");
}

Test(compile_runs, python_reads_large_input_in_each_of_its_ways)
{
    sums_many(LANGUAGE_PYTHON, "input()\nprint(sum(map(int,input().split())))");
    sums_many(LANGUAGE_PYTHON, "import sys\nd=sys.stdin.buffer.read().split()\n"
                               "print(sum(map(int,d[1:])))");
    sums_many(LANGUAGE_PYTHON, "import sys\ninput=sys.stdin.readline\ninput()\n"
                               "print(sum(map(int,input().split())))");
    sums_many(LANGUAGE_PYTHON, "import os\nd=b''\nwhile True:\n  x=os.read(0,1<<20)\n"
                               "  if not x: break\n  d+=x\nprint(sum(map(int,d.split()[1:])))");
    sums_many(LANGUAGE_PYTHON, "d=open(0).read().split()\nprint(sum(map(int,d[1:])))");
}

Test(compile_runs, pypy_reads_large_input)
{
    sums_many(LANGUAGE_PYPY, "input()\nprint(sum(map(int,input().split())))");
}

Test(compile_runs, java_reads_large_input)
{
    sums_many(LANGUAGE_JAVA,
              "import java.io.*;import java.util.*;\npublic class Main {\n"
              "public static void main(String[] a) throws IOException {\n"
              "BufferedReader r = new BufferedReader(new InputStreamReader(System.in));\n"
              "r.readLine(); StringTokenizer t = new StringTokenizer(r.readLine()); long s = 0;\n"
              "while (t.hasMoreTokens()) s += Long.parseLong(t.nextToken());\n"
              "System.out.println(s); } }");
}

Test(compile_runs, rust_go_and_node_read_large_input)
{
    sums_many(LANGUAGE_JAVASCRIPT,
              "const d=require('fs').readFileSync(0,'utf8').trim().split(/\\s+/);let s=0;"
              "for(let i=1;i<d.length;i++)s+=+d[i];console.log(s);");
    sums_many(LANGUAGE_JAVASCRIPT,
              "const d=require('fs').readFileSync('/dev/stdin').toString().split('\\n');"
              "console.log(d[1].trim().split(' ').reduce((a,b)=>a+ +b,0));");
    sums_many(LANGUAGE_GO, "package main\nimport (\"bufio\";\"fmt\";\"os\")\nfunc main(){"
                           "r:=bufio.NewReaderSize(os.Stdin,1<<20);var n,x,s int64;fmt.Fscan(r,&n);"
                           "for;n>0;n--{fmt.Fscan(r,&x);s+=x};fmt.Println(s)}");
    sums_many(LANGUAGE_RUST,
              "use std::io::*;fn main(){let mut s=String::new();stdin().lock()"
              ".read_to_string(&mut s).unwrap();println!(\"{}\",s.split_ascii_whitespace().skip(1)"
              ".map(|x|x.parse::<i64>().unwrap()).sum::<i64>());}");
}

Test(compile_runs, node_writes_large_output_whole)
{
    struct program p = fixture_compile_text(LANGUAGE_JAVASCRIPT,
                                            "let s='';for(let i=0;i<300000;i++)s+='0123456789';"
                                            "console.log(s);process.stdout.write(s);");
    struct sandbox_result r = fixture_run(&p, (struct str){0}, 10000, 256, NULL);
    cr_assert_eq(r.end, SANDBOX_EXITED);
    cr_assert_eq(r.out.n, 6000001, "%lld bytes", (long long)r.out.n);
}

/* --- recursion ------------------------------------------------------------------------------ */

static void recurses(enum language l, const char *text, int64_t memory_mib, const char *want)
{
    struct program p = fixture_compile_text(l, text);
    struct sandbox_result r = fixture_run(&p, (struct str){0}, 20000, memory_mib, NULL);
    ends_well(&r, want);
    cr_log_info("%s: %lld us, %lld KiB\n", language_name(l), (long long)r.cpu_us,
                (long long)r.memory_kib);
}

Test(compile_runs, a_million_calls_deep_is_fine_where_memory_suffices)
{
    recurses(LANGUAGE_CPP,
             "#include <cstdio>\nint f(int n,volatile char*p){volatile char b[100];b[0]=*p;"
             "return n==0?b[0]:f(n-1,b)+1;}\nint main(){volatile char c=0;"
             "printf(\"%d\",f(1000000,&c));}",
             256, "1000000");
    recurses(LANGUAGE_PYTHON,
             "import sys\nsys.setrecursionlimit(1<<30)\ndef f(n):\n  return n and f(n-1)+1\n"
             "print(f(200000))",
             256, "200000");
}

Test(compile_runs, java_recurses_deep)
{
    recurses(LANGUAGE_JAVA,
             "public class Main { static int f(int n) { return n == 0 ? 0 : f(n - 1) + 1; }\n"
             "public static void main(String[] a) { System.out.println(f(1000000)); } }",
             256, "1000000");
}

Test(compile_runs, node_go_and_rust_recurse_deep)
{
    recurses(LANGUAGE_JAVASCRIPT, "function f(n){return n===0?0:f(n-1)+1}\nconsole.log(f(500000));",
             256, "500000");
    recurses(LANGUAGE_GO,
             "package main\nimport \"fmt\"\nfunc f(n int)int{if n==0{return 0};return f(n-1)+1}\n"
             "func main(){fmt.Println(f(1000000))}",
             256, "1000000");
}

Test(compile_runs, endless_recursion_ends_as_an_error_in_every_language, .timeout = 180)
{
    static const struct {
        enum language language;
        const char *text;
    } rows[] = {
        {LANGUAGE_CPP, "int f(volatile int*p){volatile int q=*p;return f(&q)+q;}\n"
                       "int main(){volatile int x=1;return f(&x)&1;}"},
        {LANGUAGE_PYTHON, "def f():\n  return f()+1\nf()"},
        {LANGUAGE_JAVA, "public class Main { static int f() { return f() + 1; }\n"
                        "public static void main(String[] a) { f(); } }"},
        {LANGUAGE_JAVASCRIPT, "function f(){return f()+1}\nf();"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct program p = fixture_compile_text(rows[i].language, rows[i].text);
        struct sandbox_result r = fixture_run(&p, (struct str){0}, 20000, 128, NULL);
        cr_expect(ends_in_error(&r), "%s: %s %lld", language_name(rows[i].language),
                  sandbox_end_name(r.end), (long long)r.code);
        cr_log_info("%s: %s, code %lld, %lld us, %lld KiB\n", language_name(rows[i].language),
                    sandbox_end_name(r.end), (long long)r.code, (long long)r.cpu_us,
                    (long long)r.memory_kib);
    }
}

/* --- memory ----------------------------------------------------------------------------------- */

/* Takes `words[0]` MiB, touches them, says "ok". */
static const struct {
    enum language language;
    const char *text;
} eaters[] = {
    {LANGUAGE_CPP,
     "#include <cstdio>\n#include <cstdlib>\n#include <cstring>\nint main(int,char**v)"
     "{size_t n=atoll(v[1])<<20;char*p=(char*)malloc(n);memset(p,1,n);"
     "puts(p[n/2]?\"ok\":\"no\");}"},
    {LANGUAGE_PYTHON, "import sys\nx=b'1'*(int(sys.argv[1])<<20)\nprint('ok')"},
    {LANGUAGE_PYPY, "import sys\nx=bytearray(b'1'*1024)*(int(sys.argv[1])<<10)\nprint('ok')"},
    {LANGUAGE_JAVA,
     "import java.util.*;\npublic class Main { public static void main(String[] a) {\n"
     "List<byte[]> l = new ArrayList<>(); int n = Integer.parseInt(a[0]);\n"
     "for (int i = 0; i < n; i++) l.add(new byte[1 << 20]);\n"
     "System.out.println(l.size() == n ? \"ok\" : \"no\"); } }"},
    {LANGUAGE_RUST, "fn main(){let n:usize=std::env::args().nth(1).unwrap().parse().unwrap();"
                    "let v=vec![1u8;n<<20];println!(\"{}\",if v[n]==1{\"ok\"}else{\"no\"});}"},
    {LANGUAGE_GO, "package main\nimport (\"fmt\";\"os\";\"strconv\")\nfunc main(){"
                  "n,_:=strconv.Atoi(os.Args[1]);b:=make([]byte,n<<20);"
                  "for i:=range b{b[i]=1};fmt.Println(\"ok\")}"},
    {LANGUAGE_JAVASCRIPT,
     "const n=+process.argv[2],l=[];for(let i=0;i<n;i++)"
     "l.push(new Array(1<<17).fill(i+0.5));console.log(l.length===n?'ok':'no');"},
};

static void eats(size_t i, int64_t limit_mib, int64_t few_mib, int64_t many_mib)
{
    char few[16];
    char many[16];
    (void)snprintf(few, sizeof few, "%lld", (long long)few_mib);
    (void)snprintf(many, sizeof many, "%lld", (long long)many_mib);
    const char *few_words[] = {few, NULL};
    const char *many_words[] = {many, NULL};
    struct program p = fixture_compile_text(eaters[i].language, eaters[i].text);
    struct sandbox_result r = fixture_run(&p, (struct str){0}, 20000, limit_mib, few_words);
    ends_well(&r, "ok");
    cr_log_info("%s takes %s of %lld MiB: %lld us, %lld KiB, %lld tasks\n",
                language_name(eaters[i].language), few, (long long)limit_mib, (long long)r.cpu_us,
                (long long)r.memory_kib, (long long)r.n_processes);
    r = fixture_run(&p, (struct str){0}, 20000, limit_mib, many_words);
    cr_assert(ends_in_error(&r), "%s took %s MiB of %lld: %s", language_name(eaters[i].language),
              many, (long long)limit_mib, sandbox_end_name(r.end));
    cr_log_info("%s takes %s: %s, code %lld, %lld KiB\n", language_name(eaters[i].language), many,
                sandbox_end_name(r.end), (long long)r.code, (long long)r.memory_kib);
}

#define LIMIT_MIB_OF_EATERS 256

Test(compile_runs, cpp_ends_at_its_memory_limit)
{
    eats(0, LIMIT_MIB_OF_EATERS, 200, 400);
}

Test(compile_runs, python_ends_at_its_memory_limit)
{
    eats(1, LIMIT_MIB_OF_EATERS, 200, 400);
}

Test(compile_runs, pypy_ends_at_its_memory_limit)
{
    eats(2, LIMIT_MIB_OF_EATERS, 100, 400);
}

Test(compile_runs, java_ends_at_its_memory_limit)
{
    eats(3, LIMIT_MIB_OF_EATERS, 200, 400);
    eats(3, 1024, 800, 1200);
}

Test(compile_runs, rust_ends_at_its_memory_limit)
{
    eats(4, LIMIT_MIB_OF_EATERS, 200, 400);
}

Test(compile_runs, go_ends_at_its_memory_limit)
{
    eats(5, LIMIT_MIB_OF_EATERS, 200, 400);
}

Test(compile_runs, node_ends_at_its_memory_limit)
{
    eats(6, LIMIT_MIB_OF_EATERS, 200, 400);
}
