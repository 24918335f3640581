/* What the number libraries remember between calls: constants, tables, freed numbers. It belongs to
 * the thread that computed it, and outlives every answer. */
#pragma once

/* Gives back what this thread holds. The last thing a thread does that decided answers. */
void caches_drop(void);
