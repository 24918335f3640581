/* Hostile programs, each in the full box and in the fallback without namespaces: it must end as its
 * opening comment says (tests/fault/box/attack.h), and nothing of it may be left. */
#include <dirent.h>

#include "tests/fault/box/attack.h"

static void run_in(struct attack *a, const char *name)
{
    struct str source = attack_source(a, name);
    attack_skip_unless_promised(a, source);
    struct sandbox_result r = attack_run(a, source, NULL);
    attack_check(a, source, &r);
    attack_close(a);
}

static void run_hostile(const char *name, bool no_namespaces)
{
    struct attack a;
    attack_open(&a, no_namespaces);
    run_in(&a, name);
}

/* Those that are about an account, once more without a cgroup to keep it. */
static void run_polled(const char *name)
{
    struct attack a;
    attack_open_polled(&a);
    run_in(&a, name);
}

#define HOSTILE(name)                                                                              \
    Test(hostile, name)                                                                            \
    {                                                                                              \
        run_hostile(#name, false);                                                                 \
    }                                                                                              \
    Test(hostile_fallback, name)                                                                   \
    {                                                                                              \
        run_hostile(#name, true);                                                                  \
    }

HOSTILE(a_burner_outlives_main)
HOSTILE(a_daemon_keeps_the_output_open)
HOSTILE(a_dead_leader_burns)
HOSTILE(a_dead_leader_eats)
HOSTILE(a_sibling_of_main_burns)
HOSTILE(adopts_its_orphans)
HOSTILE(borrows_memory_and_burns)
HOSTILE(borrows_memory_and_sleeps)
HOSTILE(burns_in_short_threads)
HOSTILE(burns_in_tiny_unaccounted_children)
HOSTILE(changes_its_personality)
HOSTILE(climbs_out_of_a_root)
HOSTILE(clone_bomb_in_one_memory)
HOSTILE(closes_everything_and_burns)
HOSTILE(closes_everything_and_leaves)
HOSTILE(daemons_burn_while_main_sleeps)
HOSTILE(daemons_outlive_main)
HOSTILE(deaf_and_asleep)
HOSTILE(dies_of_any_signal)
HOSTILE(digs_deep_folders)
HOSTILE(dumps_core)
HOSTILE(enters_by_int_0x80)
HOSTILE(enters_by_x32)
HOSTILE(execs_itself_for_ever)
HOSTILE(execs_with_huge_arguments)
HOSTILE(exhausts_descriptors)
HOSTILE(fills_pipes)
HOSTILE(fills_socket_buffers)
HOSTILE(fills_the_disk)
HOSTILE(filters_its_exit_away)
HOSTILE(filters_itself_open)
HOSTILE(floods_and_ignores_the_end)
HOSTILE(floods_inodes)
HOSTILE(forges_its_exit)
HOSTILE(fork_bomb)
HOSTILE(fork_bomb_of_children_that_exit)
HOSTILE(goes_into_strict_mode)
HOSTILE(heap_bomb)
HOSTILE(hides_behind_long_names)
HOSTILE(hides_in_deleted_files)
HOSTILE(huge_static_array)
HOSTILE(ignores_its_file_limit)
HOSTILE(infinite_loop)
HOSTILE(inherits_descriptors)
HOSTILE(jumps_to_32_bits)
HOSTILE(kernel_doors_done_right)
HOSTILE(kill_everybody)
HOSTILE(knocks_at_kernel_doors)
HOSTILE(leaves_a_changing_file_to_take)
HOSTILE(leaves_a_folder_to_take)
HOSTILE(leaves_a_link_to_take)
HOSTILE(leaves_a_linked_folder_to_take)
HOSTILE(leaves_a_pipe_to_take)
HOSTILE(leaves_a_socket_to_take)
HOSTILE(leaves_in_the_middle_with_43)
HOSTILE(leaves_too_much_to_take)
HOSTILE(leaves_zombies)
HOSTILE(lies_about_its_name)
HOSTILE(links_secrets_to_take)
HOSTILE(locks_its_folders)
HOSTILE(locks_memory)
HOSTILE(looks_smaller_than_its_judge)
HOSTILE(makes_namespaces)
HOSTILE(maps_shared_files)
HOSTILE(memfd_bomb)
HOSTILE(memory_over_several_processes)
HOSTILE(mounts_things)
HOSTILE(names_abstract_sockets)
HOSTILE(names_no_host_path)
HOSTILE(namespaces_by_clone3)
HOSTILE(never_reads_its_input)
HOSTILE(one_line_of_a_gigabyte)
HOSTILE(opens_by_handle)
HOSTILE(opens_devices)
HOSTILE(opens_sockets)
HOSTILE(overwrites_its_keeper)
HOSTILE(pairs_of_sockets)
HOSTILE(passes_descriptors_to_itself)
HOSTILE(peaks_and_shrinks)
HOSTILE(populate_bomb)
HOSTILE(preallocates_the_disk)
HOSTILE(queues_signals_and_timers)
HOSTILE(rains_system_calls)
HOSTILE(raises_its_limits)
HOSTILE(reads_an_empty_pipe)
HOSTILE(reads_much_of_usr)
HOSTILE(reads_secrets)
HOSTILE(reads_the_machines_pulse)
HOSTILE(recurses_in_big_steps)
HOSTILE(recurses_in_small_steps)
HOSTILE(renames_in_circles)
HOSTILE(reopens_its_output)
HOSTILE(runs_a_setuid_program)
HOSTILE(says_accepted_everywhere)
HOSTILE(searches_for_the_answers)
HOSTILE(shared_memory_bomb)
HOSTILE(shares_its_pages_with_children)
HOSTILE(signals_its_keeper)
HOSTILE(sleep_forever)
HOSTILE(snoops_in_proc)
HOSTILE(sparse_file)
HOSTILE(splits_its_mappings)
HOSTILE(stack_bomb)
HOSTILE(starts_as_many_threads_as_it_may)
HOSTILE(stderr_flood)
HOSTILE(stdout_flood)
HOSTILE(stop_itself)
HOSTILE(stop_itself_and_children)
HOSTILE(stops_its_group)
HOSTILE(syncs_the_machine)
HOSTILE(syscall_burner)
HOSTILE(takes_all_aio)
HOSTILE(thread_bomb)
HOSTILE(tmpfs_is_memory_too)
HOSTILE(traces_others)
HOSTILE(turns_the_clock)
HOSTILE(two_threads_burn)
HOSTILE(unaccounted_children_burn)
HOSTILE(vfork_bomb)
HOSTILE(waited_children_burn)
HOSTILE(waits_for_nothing)
HOSTILE(waits_on_a_futex)
HOSTILE(wants_huge_pages)
HOSTILE(wants_to_be_first)
HOSTILE(wants_to_be_root)
HOSTILE(watches_files)
HOSTILE(writes_into_proc)
HOSTILE(writes_outside)
HOSTILE(writes_to_its_input)

#define POLLED(name)                                                                               \
    Test(hostile_polled, name)                                                                     \
    {                                                                                              \
        run_polled(#name);                                                                         \
    }

POLLED(a_burner_outlives_main)
POLLED(a_dead_leader_burns)
POLLED(a_dead_leader_eats)
POLLED(a_sibling_of_main_burns)
POLLED(adopts_its_orphans)
POLLED(borrows_memory_and_burns)
POLLED(burns_in_short_threads)
POLLED(clone_bomb_in_one_memory)
POLLED(daemons_burn_while_main_sleeps)
POLLED(fills_pipes)
POLLED(fork_bomb)
POLLED(fork_bomb_of_children_that_exit)
POLLED(heap_bomb)
POLLED(lies_about_its_name)
POLLED(memory_over_several_processes)
POLLED(peaks_and_shrinks)
POLLED(shared_memory_bomb)
POLLED(syscall_burner)
POLLED(two_threads_burn)
POLLED(unaccounted_children_burn)
POLLED(vfork_bomb)
POLLED(waited_children_burn)
POLLED(wants_huge_pages)

/* A program that nobody runs proves nothing. */
Test(hostile, every_program_has_its_test)
{
    struct arena keep;
    arena_init(&keep, "list", LIMIT_MIB);
    struct str tests = support_read("tests/fault/box/test_hostile.c", &keep);
    DIR *d = opendir("tests/fault/box/programs");
    const struct dirent *entry = NULL;
    int64_t n = 0;
    cr_assert_not_null(d);
    while ((entry = readdir(d)) != NULL) {
        struct str file = str_of(entry->d_name);
        if (!str_ends(file, STR(".c")) || str_starts(file, STR("between_")))
            continue;
        struct str line = arena_fmt(&keep, "\nHOSTILE(%.*s)\n", (int)file.n - 2, file.at);
        cr_expect(str_find(tests, line, 0) > 0, "%.*s is not run", STR_ARG(file));
        n++;
    }
    (void)closedir(d);
    cr_expect_gt(n, 80, "%lld programs", (long long)n);
    arena_fini(&keep);
}
