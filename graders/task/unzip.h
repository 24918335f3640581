/* A task's archive into a folder, when its writer is not trusted.
 *
 * Everything is looked at before anything is written: names that are absolute, leave the folder,
 * are not UTF-8 or come twice; devices and pipes; encrypted entries; sizes that add up to a bomb.
 * Links are made last, when no file can be written through them, and only when they point inside.
 */
#pragma once
#include "base/arena.h"
#include "base/err.h"

/* `folder` must not exist; it is made, and removed again when this fails. Find the task in it with
 * task_walk: many archives hold one folder. ERR_INPUT names the archive and the entry, ERR_LIMIT a
 * bomb. */
MUST_CHECK bool task_unzip(const char *archive, const char *folder, struct arena tmp,
                           struct err *e);
