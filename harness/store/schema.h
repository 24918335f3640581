/* The tables, their version, and the checks every open makes before it trusts a file. */
#pragma once
#include "harness/store/sql.h"

enum {
    SCHEMA_APPLICATION = 0x706f6469, /* "podi", in the file's header */
    SCHEMA_VERSION = 2,
};

/* *version 0: an empty database, to be filled by schema_create; else that of the file, which may be
 * older than ours. A database of somebody else, of a newer podium, or a damaged one is ERR_INPUT.
 */
MUST_CHECK bool schema_check(const struct sql *s, int64_t *version, struct err *e);

/* Brings an older file up to SCHEMA_VERSION, within the caller's transaction. Rows stay. */
MUST_CHECK bool schema_upgrade(const struct sql *s, int64_t version, struct err *e);

/* Within the caller's transaction. */
MUST_CHECK bool schema_create(const struct sql *s, struct err *e);
