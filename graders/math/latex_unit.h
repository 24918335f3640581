/* Units by their spellings: what a number may be followed by. */
#pragma once
#include "base/str.h"

/* 1 + the place of a unit spelled so, its plural included; 0 when nobody knows it. Single letters
 * are units only where the text says so, which the caller knows. */
int32_t latex_unit_of(struct str word);

/* Its one name: "cm" for centimetres. */
struct str latex_unit_name(int32_t unit);
