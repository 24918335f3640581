/* The only place that asks what time it is. Never used where a result could depend on it. */
#pragma once
#include <stdint.h>

int64_t clock_ns(void);      /* monotonic; for durations */
int64_t clock_cpu_ns(void);  /* processor time of all threads of this process */
int64_t clock_unix_ms(void); /* wall clock, milliseconds since 1970; for stamps in the store */
