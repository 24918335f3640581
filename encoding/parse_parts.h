/* What encoding/parse.c and encoding/parse_recover.c share. */
#pragma once
#include "encoding/parse.h"

/* The strict parser. With is_sound not NULL it also tells what upstream does not look at: whether
 * every string="false" value is JSON and no name holds call markup (a call that lacks its end tag
 * runs into the next one's name). On false *fault says why; nothing else is written. */
bool parse_strict(struct str text, bool thinking, struct parsed *out, bool *is_sound,
                  struct parse_note *fault, struct arena *keep, struct arena tmp);

/* Takes any bytes; never fails. */
void parse_recover(struct str text, bool thinking, struct parsed *out, struct arena *keep,
                   struct arena tmp);

/* Is the text one JSON value? */
bool parse_is_json(struct str text, struct arena tmp);
