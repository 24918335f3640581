/* What this machine can do at most: the figures that kernels are measured against.
 *
 * Arithmetic: loops of nothing but one instruction on registers, more independent sums than
 * latency times throughput asks for. Memory: one large region of anonymous huge pages, several
 * times the last cache, read once through, or by rows at random places with prefetching. Each
 * figure comes with one thread or with all. This file runs loops; who measures time is the
 * caller, and how often.
 *
 * The instructions are written in assembly: nothing a compiler does can move a sum to memory or
 * leave work out (an empty asm with a memory clobber once spilled the sums and halved a figure). */
#pragma once
#include <stdint.h>

#include "base/err.h"

enum ceiling_op {
    CEILING_FMA,  /* f32 multiply-add, or multiply and add where there is no fused one */
    CEILING_BF16, /* dot product of bf16 pairs added to f32 */
    CEILING_INT8, /* dot product of u8 x s8 quadruples added to i32 */
};

/* One loop of arithmetic. */
struct ceiling_loop {
    const char *name; /* the instruction */
    const char *isa;  /* as kernels call it; several loops of one op have several */
    enum ceiling_op op;
    double n_ops; /* of one round, a multiply-add counting two */
    void (*run)(int64_t n_rounds);
};

struct ceilings;

/* n_threads as in kernels_cpu_open. The region is four times the last cache and at least a
 * gibibyte, or what a quarter of the memory leaves of that. */
MUST_CHECK bool ceilings_open(struct ceilings **out, int n_threads, struct err *e);
void ceilings_close(struct ceilings *c); /* NULL is fine */

int ceilings_n_threads(const struct ceilings *c);

/* The region, for whoever needs weights that no cache holds: 16-bit pieces that are small numbers
 * as bf16, f32 and E4M3 alike. */
const unsigned char *ceilings_region(const struct ceilings *c, int64_t *n_bytes);
int64_t ceilings_cache_bytes(void); /* of the last level; 0: the system does not say */

/* The i-th loop that this processor can run, best instruction set first within an op; NULL past
 * the last. */
const struct ceiling_loop *ceilings_loop(int64_t i);

/* n_rounds of a loop on every thread, or on the calling one. */
void ceilings_compute(struct ceilings *c, const struct ceiling_loop *l, int64_t n_rounds,
                      bool is_all);

/* Reads the whole region once; the threads share it. */
void ceilings_read(struct ceilings *c, bool is_all);

/* Reads n_rows rows of n_bytes (a multiple of 64) at random places, the same every time. */
void ceilings_gather(struct ceilings *c, int64_t n_rows, int64_t n_bytes, bool is_all);
