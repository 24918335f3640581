/* The three blocks of the template that carry JSON: tool schemas, response format, and calls.
 * They write what they are given; that it is well formed was checked by encoding/render.c.
 *
 * Source  DeepSeek-V3.2 encoding/encoding_dsv32.py (template text). */
#pragma once
#include "encoding/pieces.h"
#include "encoding/pyjson.h"

/* "## Tools" to "</functions>\n"; tools is a list of objects with a "function" each. */
void tools_section(struct pieces_out *w, const struct pyval *tools);

/* "## Response Format:" and the schema. */
void tools_response_format(struct pieces_out *w, const struct pyval *schema);

/* A call block is tools_open, its calls, tools_close. */
void tools_open(struct pieces_out *w);
void tools_call(struct pieces_out *w, struct str name, const struct pyval *arguments,
                bool is_first);
void tools_close(struct pieces_out *w);
