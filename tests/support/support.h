/* What Criterion lacks: skips that REQUIRE can turn into failures, a temporary folder,
 * official vectors when they are at hand, and files of the source tree. */
#pragma once
#include <criterion/criterion.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* Skips the running test with a reason; fails it when $REQUIRE names `what` (e.g. "vectors"). */
void support_skip(const char *what, const char *why);

/* Path of an official vector ("encoding/test_input.json") or skips: they are read from
 * $PODIUM_VECTORS, else from ../shared/vectors beside the checkout. Static storage. */
const char *support_vector(const char *name);

/* A folder that exists now and is removed at exit. Static storage. */
const char *support_temp(void);

/* Where the binaries under test are: $PODIUM_BUILD, else the folder of this executable. */
const char *support_build(void);

/* The whole file; fails the test when it cannot be read. */
struct str support_read(const char *path, struct arena *keep);

/* The seed of a property test: $SEED, else `fallback`. Printed when the test fails. */
uint64_t support_seed(uint64_t fallback);

/* A line for whoever reads the log. cr_log_warn will not do: it makes the runner exit with 1. */
void support_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Under a sanitizer everything is several times slower: tests of sheer size take a tenth. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SUPPORT_SIZE(n) ((n) / 10)
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SUPPORT_SIZE(n) ((n) / 10)
#endif
#endif
#ifndef SUPPORT_SIZE
#define SUPPORT_SIZE(n) (n)
#endif

/* cr_assert with the err's text in the message. */
#define ASSERT_OK(call, e) cr_assert((call), "%s:%d: %s", (e).file, (e).line, (e).text)
