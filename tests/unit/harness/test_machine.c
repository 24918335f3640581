/* What makes a machine unfit is decided from figures, so figures are enough to test it. */
#include "harness/machine.h"
#include "tests/support/support.h"

static struct machine quiet(void)
{
    struct machine m = {.speed = {.cpu_ms = 10, .wall_ms = 10.1, .spread = 0.02, .crowding = 1.01}};
    m.before = (struct machine_state){.n_online = 4,
                                      .n_allowed = 4,
                                      .n_cores = 4,
                                      .memory_kib = 1 << 24,
                                      .n_swapped = 100,
                                      .n_throttled = 5,
                                      .n_quota = 0,
                                      .khz_now = 3000000,
                                      .khz_max = 3500000};
    m.after = m.before;
    return m;
}

static void says(const struct machine *m, int64_t n_graders, const char *want)
{
    struct buf why = {0};
    machine_unfit(m, n_graders, &why);
    cr_expect(str_eq(buf_str(&why), str_of(want)), "said \"%.*s\", not \"%s\"", (int)why.n, why.at,
              want);
    buf_free(&why);
}

Test(machine, a_quiet_one_is_fit)
{
    struct machine m = quiet();
    says(&m, 4, "");
}

Test(machine, what_cannot_be_read_is_not_held_against_it)
{
    struct machine m = quiet();
    m.before.n_swapped = m.before.n_throttled = m.before.n_quota = -1;
    m.after = m.before;
    m.after.n_cores = m.after.khz_now = m.after.khz_max = m.after.swap_used_kib = -1;
    says(&m, 4, "");
}

Test(machine, each_trouble_is_named)
{
    struct machine m = quiet();
    m.after.n_swapped++;
    says(&m, 1, "memory is moving to and from swap");
    m = quiet();
    m.after.swap_used_kib = 1 << 20;
    says(&m, 1, "1024 MiB are in swap");
    m = quiet();
    m.after.n_throttled++;
    says(&m, 1, "a processor is slowed down for heat or power");
    m = quiet();
    m.after.n_quota = 3;
    says(&m, 1, "a quota holds this process back");
    m = quiet();
    m.after.khz_now = 800000;
    says(&m, 1, "the processor runs far below its fastest even under load");
    m = quiet();
    m.speed.crowding = 1.5;
    says(&m, 1, "overloaded: the reference loop takes 1.50 times its CPU time by the clock");
    m = quiet();
    m.speed.spread = 0.25;
    says(&m, 1, "unsteady: the reference loop's CPU time varies by 25 %");
    m = quiet();
    says(&m, 5, "5 graders share 4 cores");
}

Test(machine, several_troubles_are_all_named)
{
    struct machine m = quiet();
    m.after.n_swapped++;
    m.after.n_throttled++;
    says(&m, 9,
         "memory is moving to and from swap; a processor is slowed down for heat or power; "
         "9 graders share 4 cores");
}

Test(machine, the_loop_takes_time_and_is_measured_by_both_clocks)
{
    struct machine_speed s;
    machine_calibrate(5, &s);
    cr_expect_gt(s.cpu_ms, 0.5);
    cr_expect_lt(s.cpu_ms, 5000);
    cr_expect_geq(s.wall_ms, 0.9 * s.cpu_ms);
    cr_expect_geq(s.spread, 0);
    cr_expect_geq(s.crowding, 0.9);
}

Test(machine, this_one_can_be_looked_at)
{
    struct machine_state s;
    machine_look(&s);
    cr_expect_gt(s.n_online, 0);
    cr_expect_gt(s.n_allowed, 0);
    cr_expect_gt(s.memory_kib, 0);
    cr_expect_gt(strlen(s.kernel), 0);
}

Test(machine, its_json_holds_the_reasons)
{
    struct machine m = quiet();
    struct json_out w = {0};
    struct json *j = NULL;
    struct err e = {0};
    struct str text = {0};
    bool is_fit = true;
    double loop = 0;
    machine_put_json(&w, &m, 5);
    ASSERT_OK(json_parse(buf_str(&w.text), "machine", &j, &e), e);
    cr_expect(json_bool(json_get(j, "is_fit"), &is_fit) && !is_fit);
    cr_expect(json_str(json_get(j, "unfit"), &text) &&
              str_eq(text, STR("5 graders share 4 cores")));
    cr_expect(json_f64(json_get(j, "loop_cpu_ms"), &loop));
    cr_expect_eq(loop, 10);
    json_free(j);
    json_out_free(&w);
}
