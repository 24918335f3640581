#pragma once

/* Yours. */
int summit(int n);

/* Ours: may be called up to 2000 times. */
long long height(int i);
