/* How fast and how steady this machine is: what a time limit means on it.
 *
 * A verdict by time is a statement about a machine. So a run stores how long a fixed loop takes
 * here, and whether anything was found that makes times unreliable: memory on disk, a processor
 * that is being slowed down, or one that others want too. Nothing here decides a verdict. */
#pragma once
#include "base/json.h"
#include "base/str.h"

/* The reference loop, measured several times. CPU time says how fast the processor is, and wall
 * time beside it whether it was ours alone. */
struct machine_speed {
    double cpu_ms;   /* median of one loop */
    double wall_ms;  /* median */
    double spread;   /* of CPU time: (90th percentile - 10th) / median */
    double crowding; /* wall / CPU of the whole measurement: 1 when the processor was ours alone */
};

/* Runs the loop about n times 10 ms on the calling thread, wherever it is. 3 <= n <= 101. */
void machine_calibrate(int64_t n, struct machine_speed *out);

/* What the system says of itself. What cannot be read is -1, or an empty text. */
struct machine_state {
    int64_t n_online;  /* processors of the machine */
    int64_t n_allowed; /* ... that this process may use */
    int64_t n_cores;   /* physical ones among those online */
    double load;       /* runnable tasks, mean of the last minute */
    int64_t memory_kib;
    int64_t swap_total_kib;
    int64_t swap_used_kib;
    int64_t n_swapped;   /* pages moved to or from swap since the start of the machine */
    int64_t n_throttled; /* times a processor was slowed down for heat or power since the start */
    int64_t n_quota;     /* times our cgroup was held back by a CPU quota */
    int64_t khz_now;     /* of the first processor */
    int64_t khz_max;
    char kernel[96];
    char model[96];        /* of the processor */
    char governor[32];     /* "performance" is what judging wants */
    char turbo[8];         /* "on", "off" */
    char huge_pages[16];   /* "always", "madvise", "never" */
    char clock_source[32]; /* "tsc" is cheap */
    int64_t randomize;     /* of addresses: 2 full, 0 off */
    bool is_smt;           /* two threads share a core */
    bool is_virtual;       /* the processor says there is a hypervisor */
};
void machine_look(struct machine_state *out);

struct machine {
    struct machine_state before;
    struct machine_state after;
    struct machine_speed speed;
};

/* Looks, calibrates (n loops), and looks again. */
void machine_measure(int64_t n, struct machine *out);

/* Why times measured now, with n_graders working at once, are unreliable: one short sentence a
 * reason, separated by "; ". Empty: the machine is fit. */
void machine_unfit(const struct machine *m, int64_t n_graders, struct buf *out);

/* The same as numbers, one object: for stored results and reports. */
void machine_put_json(struct json_out *w, const struct machine *m, int64_t n_graders);
