/* Forms that the reader takes for something else than what they mean: dy/dx as a quotient of
 * products, f o g as degrees, E[X] as a product, a_k under a sum over k as a constant. What comes
 * of such a reading is no verdict, however well it is proved. Looked for in the text, before and
 * besides all reading; two texts that are the same up to their looks stay equal. */
#pragma once
#include "base/str.h"

/* Why a text cannot carry a verdict at all; NULL when nothing speaks against it. Static. */
const char *unread_form(struct str text);

/* Why it cannot be called different from the other text. Static. */
const char *unread_difference(struct str text, struct str other);
