/* The grader "choice": the option a reply declares against the item's answer (graders/choice.h).
 *
 * Right, wrong: one option is declared. No answer: none is, or the reply breaks off. Undecided:
 * several are, one is refused, or what is declared is no option. It never guesses.
 *
 * The definition's fields: {"answer": NAME, "options": NAME}, the second optional. The item's
 * answer is a capital letter, bare or in parentheses, or the text of exactly one option (of a
 * number, its text: an index is not understood); its options are a list of texts or whole numbers,
 * in the order of letters A, B, C... Without options the letters A to J exist. An answer of ours
 * that is no option is an err: the item stays ungraded.
 *
 * Evidence, a JSON object: rule and span of the extraction, the text there, how many places were
 * looked at, both letters, why. */
#pragma once
#include "graders/grader.h"

extern const struct grader grader_choice;

enum { CHOICE_VERSION = 1 };
