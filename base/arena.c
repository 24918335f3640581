#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { KEPT_ON_RESET = 1 << 20 }; /* bytes that stay resident across a reset */

void arena_init(struct arena *a, const char *name, int64_t n_bytes)
{
    assert(n_bytes > 0);
    void *p = mmap(NULL, (size_t)n_bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED) {
        (void)fprintf(stderr, "arena %s: cannot reserve %lld bytes of address space\n", name,
                      (long long)n_bytes);
        exit(70);
    }
    *a = (struct arena){.next = p, .end = (unsigned char *)p + n_bytes, .first = p, .name = name};
}

void arena_fini(struct arena *a)
{
    if (a->first != NULL)
        (void)munmap(a->first, (size_t)(a->end - a->first));
    *a = (struct arena){0};
}

void arena_reset(struct arena *a)
{
    if (a->next - a->first > KEPT_ON_RESET)
        (void)madvise(a->first + KEPT_ON_RESET, (size_t)(a->end - a->first - KEPT_ON_RESET),
                      MADV_DONTNEED);
    a->next = a->first;
}

void *arena_take(struct arena *a, int64_t count, int64_t size, int64_t align)
{
    assert(count >= 0);
    assert(size > 0);
    assert(align > 0 && (align & (align - 1)) == 0);
    int64_t pad = (int64_t)(-(uintptr_t)a->next & (uintptr_t)(align - 1));
    int64_t room = a->end - a->next - pad;
    if (room < 0 || count > room / size) {
        (void)fprintf(stderr, "arena %s: out of room (%lld x %lld)\n", a->name, (long long)count,
                      (long long)size);
        abort();
    }
    unsigned char *p = a->next + pad;
    a->next = p + count * size;
    return memset(p, 0, (size_t)(count * size));
}

struct str arena_str(struct arena *a, struct str s)
{
    char *p = NEW(a, char, s.n + 1);
    if (s.n > 0)
        memcpy(p, s.at, (size_t)s.n);
    return (struct str){p, s.n};
}

struct str arena_fmt(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_list again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    assert(n >= 0);
    char *p = NEW(a, char, (int64_t)n + 1);
    (void)vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return (struct str){p, n};
}
