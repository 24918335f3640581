/* The literal strings of the chat template, spelled once.
 *
 * U+FF5C is the full-width bar and U+2581 the low block; both are written here as themselves.
 * Each CONTROL string below is one entry of the tokenizer's added tokens: cutting a prompt at
 * them, and nowhere else, gives the ids the official encoder gives.
 *
 * Source  DeepSeek-V3.2 encoding/encoding_dsv32.py (values, not code). */
#pragma once
#include "base/str.h"

/* CONTROL strings */
#define SPECIAL_BOS       "<｜begin▁of▁sentence｜>"
#define SPECIAL_EOS       "<｜end▁of▁sentence｜>"
#define SPECIAL_USER      "<｜User｜>"
#define SPECIAL_ASSISTANT "<｜Assistant｜>"
#define SPECIAL_THINK     "<think>"
#define SPECIAL_THINK_END "</think>"
#define SPECIAL_DSML      "｜DSML｜"

/* What the parser looks for; each is cut short of its closing bracket on purpose, as upstream. */
#define SPECIAL_BLOCK      "<" SPECIAL_DSML "function_calls"
#define SPECIAL_BLOCK_END  "</" SPECIAL_DSML "function_calls>"
#define SPECIAL_INVOKE     "<" SPECIAL_DSML "invoke"
#define SPECIAL_INVOKE_END "</" SPECIAL_DSML "invoke"
#define SPECIAL_PARAM      "<" SPECIAL_DSML "parameter"
#define SPECIAL_PARAM_END  "/" SPECIAL_DSML "parameter"

/* The CONTROL string that begins at s[i], longest first; .n = 0 when there is none. */
struct str special_at(struct str s, int64_t i);
