/* expect: exited
 * What a process changes about itself its children inherit; what it changes about the process that
 * starts the next program, that program inherits. */
#include <hostile.h>
#include <sys/prctl.h>
#include <sys/time.h>
extern char **environ;
static void change_all(pid_t pid)
{
    struct rlimit none = {1, 1};
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    for (int what = 0; what < 16; what++)
        (void)!prlimit(pid, what, &none, NULL);
    (void)!sched_setaffinity(pid, sizeof one, &one);
    (void)!setpriority(PRIO_PROCESS, (id_t)pid, 19);
    (void)!setpriority(PRIO_PGRP, (id_t)pid, 19);
    (void)!syscall(SYS_ioprio_set, 1, pid, 3 << 13);
    (void)!syscall(SYS_sched_setscheduler, pid, SCHED_IDLE, &(struct sched_param){0});
}
static void check(const char *what, long is, long must_be)
{
    if (is != must_be) {
        printf("ESCAPED: %s is %ld and not %ld\n", what, is, must_be);
        n_escapes++;
    }
}
static void find(int is_in_group)
{
    sigset_t blocked;
    struct sigaction action;
    struct itimerval timer = {0};
    struct rlimit core;
    struct rusage children;
    cpu_set_t cpus;
    int n_env = 0;
    while (environ[n_env] != NULL)
        check("the environment", strncmp(environ[n_env], "LEFT", 4) == 0, 0), n_env++;
    check("variables", n_env, 4);
    check("umask", umask(022), 022);
    check("nice", getpriority(PRIO_PROCESS, 0), atoi(getenv("NICE")));
    sched_getaffinity(0, sizeof cpus, &cpus);
    if (!is_in_group) /* which stays on one */
        check("processors", CPU_COUNT(&cpus), atoi(getenv("PROCESSORS")));
    check("the scheduler", sched_getscheduler(0), SCHED_OTHER);
    check("the I/O class", syscall(SYS_ioprio_get, 1, 0) >> 13 & 3, 0);
    check("session", getsid(0), getpid());
    check("group", getpgrp(), getpid());
    check("timer slack", prctl(PR_GET_TIMERSLACK), 50000);
    check("death signal", prctl(PR_GET_CHILD_SUBREAPER, &n_env) == 0 && n_env == 1, 0);
    sigprocmask(SIG_SETMASK, NULL, &blocked);
    for (int s = 1; s < NSIG; s++) {
        check("a blocked signal", sigismember(&blocked, s) == 1, 0);
        if (sigaction(s, NULL, &action) == 0)
            check("an ignored signal", action.sa_handler == SIG_IGN, 0);
    }
    getitimer(ITIMER_REAL, &timer);
    check("a timer", timer.it_value.tv_sec + timer.it_value.tv_usec, 0);
    getrlimit(RLIMIT_CORE, &core);
    check("core", (long)core.rlim_cur, 0);
    getrlimit(RLIMIT_NOFILE, &core);
    check("descriptors", (long)core.rlim_cur, 64);
    getrusage(RUSAGE_CHILDREN, &children);
    check("children's time", children.ru_utime.tv_sec + children.ru_utime.tv_usec, 0);
    for (int fd = 3; fd < 1024; fd++)
        check("a descriptor", fcntl(fd, F_GETFD) >= 0, 0);
}
int main(int argc, char **argv)
{
    sigset_t all;
    if (is_role(argc, argv, "find")) {
        find(strcmp(argv[1], "find-later") == 0);
        return contained();
    }
    change_all(0);
    change_all(1);
    change_all(getppid());
    (void)!setpriority(PRIO_USER, 0, 19);
    (void)!prctl(PR_SET_TIMERSLACK, 1000000000);
    (void)!prctl(PR_SET_CHILD_SUBREAPER, 1);
    setenv("LEFT", "behind", 1);
    umask(0777);
    alarm(100);
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    return stay(argc, argv);
}
