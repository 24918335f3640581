/* What encoding/parse.c and encoding/parse_recover.c share. */
#pragma once
#include "encoding/parse.h"

/* The strict parser. With all_json not NULL it also tells whether every string="false" value is
 * JSON, which upstream does not look at. On false *fault says why; nothing else is written. */
bool parse_strict(struct str text, bool thinking, struct parsed *out, bool *all_json,
                  struct parse_note *fault, struct arena *keep, struct arena tmp);

/* Takes any bytes; never fails. */
void parse_recover(struct str text, bool thinking, struct parsed *out, struct arena *keep,
                   struct arena tmp);

/* Is the text one JSON value? */
bool parse_is_json(struct str text, struct arena tmp);
