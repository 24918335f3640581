/* Which characters Python's repr() writes as themselves: str.isprintable per code point. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

bool printable(uint32_t code_point); /* lone surrogates are not */
