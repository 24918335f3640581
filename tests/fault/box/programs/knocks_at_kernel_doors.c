/* expect: exited
 * Refused by name, whatever the arguments. */
#include <hostile.h>
int main(void)
{
    static const long calls[] = {
        SYS_io_uring_setup,
        SYS_io_uring_enter,
        SYS_bpf,
        SYS_perf_event_open,
        SYS_userfaultfd,
        SYS_add_key,
        SYS_request_key,
        SYS_keyctl,
        SYS_fanotify_init,
        SYS_open_by_handle_at,
        SYS_name_to_handle_at,
        SYS_kexec_load,
        SYS_reboot,
        SYS_swapon,
        SYS_swapoff,
        SYS_init_module,
        SYS_finit_module,
        SYS_delete_module,
        SYS_acct,
        SYS_quotactl,
        SYS_syslog,
        SYS_vhangup,
        SYS_personality,
        SYS_iopl,
        SYS_ioperm,
        SYS_modify_ldt,
        SYS_memfd_create,
        SYS_shmget,
        SYS_semget,
        SYS_msgget,
        SYS_mq_open,
        SYS_sethostname,
        SYS_settimeofday,
        SYS_clock_settime,
        SYS_adjtimex,
        SYS_clock_adjtime,
        SYS_move_pages,
        SYS_migrate_pages,
    };
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        long rc = syscall(calls[i], 0L, 0L, 0L, 0L, 0L, 0L);
        if (rc >= 0 || errno != EPERM) {
            printf("ESCAPED: call %ld gave %ld, errno %d\n", calls[i], rc, errno);
            n_escapes++;
        }
    }
    return contained();
}
