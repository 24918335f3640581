/* The model seam over an engine in this process. */
#pragma once
#include "harness/local.h"
#include "harness/model.h"

/* Borrows l until close. */
MUST_CHECK bool model_local_open(struct model **out, struct local *l, struct err *e);
