#include "graders/judge/recipe.h"

#include <assert.h>

enum { COMPILE_MS = 30000, TASK_MS = 60000, JVM_KIB = 160 * 1024, NODE_KIB = 128 * 1024 };

/* Ten errors say what is wrong, a million say it no better; and -w because nobody reads warnings
 * of a program that compiled. */
#define GNU_FLAGS "-O2", "-w", "-fmax-errors=10", "-fdiagnostics-color=never", "-iquote", "."
#define GNU_STYLES                                                                                 \
    {                                                                                              \
        [COMPILE_SUBMISSION] = {"-DONLINE_JUDGE"}, [COMPILE_CMS] = {"-DEVAL", "-static", "-s"},    \
    }
#define GNU_CPP(version)                                                                           \
    {                                                                                              \
        .name = "c++ " version, .tool = "g++", .ending = ".cpp", .made = "prog",                   \
        .flags = {GNU_FLAGS, "-std=gnu++" version, "-o", "prog"}, .style = GNU_STYLES,             \
        .trivial = "int main(){}\n", .trivial_name = "prog.cpp", .compiling = SANDBOX_COMPILER,    \
    }

/* Reads every file as Python would, and runs nothing: -I and -S keep out what lies around. */
#define PYTHON_CHECK                                                                               \
    "import sys\nfor f in sys.argv[1:]: compile(open(f,'rb').read(),f,'exec',dont_inherit=True)"

#define PYTHON(called, program)                                                                    \
    {                                                                                              \
        .name = called, .tool = program, .runner = program, .ending = ".py",                       \
        .flags = {"-I", "-S", "-B", "-c", PYTHON_CHECK}, .run = {"-B"}, .trivial = "pass\n",       \
        .trivial_name = "prog.py", .compiling = SANDBOX_INTERPRETER,                               \
        .running = SANDBOX_INTERPRETER,                                                            \
    }

/* The names of class files are the source's choice, and the box gives back only files asked for by
 * name: so they leave in an archive. */
#define JAVA_SHELL "mkdir .made && \"$0\" \"$@\" && exec tar -cf prog.tar --format=gnu -C .made ."

/* The build cache and its scratch must be named absolutely, and /box has another name without
 * namespaces. */
#define GO_SHELL                                                                                   \
    "mkdir .go && export GOCACHE=\"$PWD/.go\" GOTMPDIR=\"$PWD/.go\" TMPDIR=\"$PWD/.go\" "          \
    "GOPATH=\"$PWD/.go\" GO111MODULE=off GOPROXY=off CGO_ENABLED=0 GOTOOLCHAIN=local "             \
    "GOTELEMETRY=off && exec \"$0\" \"$@\""

static const struct recipe recipes[LANGUAGE_COUNT] = {
    [LANGUAGE_CPP] = GNU_CPP("17"),
    [LANGUAGE_CPP20] = GNU_CPP("20"),
    [LANGUAGE_CPP23] = GNU_CPP("2b"), /* "23" is a younger name of it, refused by gcc 11 */
    [LANGUAGE_C] = {.name = "c 17",
                    .tool = "gcc",
                    .ending = ".c",
                    .made = "prog",
                    .flags = {GNU_FLAGS, "-std=gnu17", "-o", "prog"},
                    .style = GNU_STYLES,
                    .after = {"-lm"},
                    .trivial = "int main(void){return 0;}\n",
                    .trivial_name = "prog.c",
                    .compiling = SANDBOX_COMPILER},
    [LANGUAGE_PYTHON] = PYTHON("python", "python3"),
    [LANGUAGE_PYPY] = PYTHON("pypy", "pypy3"),
    /* One collector thread and the first compiler are enough for javac: 0.6 s of CPU, not 0.95. */
    [LANGUAGE_JAVA] = {.name = "java",
                       .tool = "javac",
                       .runner = "java",
                       .ending = ".java",
                       .made = "prog.tar",
                       .shell = JAVA_SHELL,
                       .flags = {"-J-Xmx640m", "-J-XX:+UseSerialGC", "-J-XX:TieredStopAtLevel=1",
                                 "-J-XX:-UsePerfData", "-J-Xshare:auto", "-proc:none", "-nowarn",
                                 "-encoding", "UTF-8", "-d", ".made"},
                       .run = {"-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto",
                               "-Dfile.encoding=UTF-8", "-cp", "."},
                       .trivial = "public class Main {}\n",
                       .trivial_name = "Main.java",
                       .compiling = SANDBOX_JVM,
                       .running = SANDBOX_JVM,
                       .n_processes = 32,
                       .memory_more_kib = JVM_KIB},
    [LANGUAGE_RUST] = {.name = "rust",
                       .tool = "rustc",
                       .ending = ".rs",
                       .made = "prog",
                       .flags = {"-O", "--edition", "2021", "--crate-type", "bin", "--crate-name",
                                 "prog", "--color", "never", "-Awarnings"},
                       .sources = RECIPE_MAIN,
                       .after = {"-o", "prog"},
                       .trivial = "fn main() {}\n",
                       .trivial_name = "prog.rs",
                       .compiling = SANDBOX_COMPILER},
    [LANGUAGE_GO] = {.name = "go",
                     .tool = "go",
                     .ending = ".go",
                     .made = "prog",
                     .shell = GO_SHELL,
                     .flags = {"build", "-trimpath", "-ldflags=-s -w", "-o", "prog"},
                     .sources = RECIPE_ROOT,
                     .trivial = "package main\nfunc main() {}\n",
                     .trivial_name = "prog.go",
                     .compiling = SANDBOX_COMPILER,
                     .n_processes = 16},
    [LANGUAGE_JAVASCRIPT] = {.name = "javascript",
                             .tool = "node",
                             .runner = "node",
                             .ending = ".js",
                             .flags = {"--check"},
                             .sources = RECIPE_MAIN,
                             .trivial = "0;\n",
                             .trivial_name = "prog.js",
                             .compiling = SANDBOX_INTERPRETER,
                             .running = SANDBOX_INTERPRETER,
                             .n_processes = 16,
                             .memory_more_kib = NODE_KIB},
};

const struct recipe *recipe_of(enum language l)
{
    assert((int)l >= 0);
    assert(l < LANGUAGE_COUNT);
    return &recipes[l];
}

struct sandbox_limits recipe_limits(enum compile_style style, int64_t cpu_ms)
{
    bool is_ours = style == COMPILE_TASK;
    if (cpu_ms == 0)
        cpu_ms = is_ours ? TASK_MS : COMPILE_MS;
    return (struct sandbox_limits){.cpu_ms = cpu_ms,
                                   .wall_ms = 3 * cpu_ms + 2000,
                                   .memory_kib = (is_ours ? 2048 : 1024) * LIMIT_KIB,
                                   .stack_kib = 64 * LIMIT_KIB,
                                   .n_processes = 128,
                                   .n_files = 512,
                                   .file_kib = 64 * LIMIT_KIB,
                                   .disk_kib = 256 * LIMIT_KIB,
                                   .n_stdout_max = 64 * LIMIT_KIB,
                                   .n_stderr_max = 256 * LIMIT_KIB};
}
