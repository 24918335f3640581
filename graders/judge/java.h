/* What must be known of Java to judge it: which file a class belongs in, and which class to start.
 *
 * The first is asked of source text, by a scanner that knows comments, texts and braces and nothing
 * else: javac is the judge of everything else. The second is asked of the class files, where a main
 * method cannot hide in a comment. */
#pragma once
#include "base/arena.h"
#include "graders/sandbox/sandbox.h"

/* The public class, interface, enum or record at the top level; empty when there is none. Borrowed.
 */
struct str java_public_type(struct str source);

/* The class to start, as "package.Name": `entry` when a class of that name has a main method, else
 * Main, else the one named `stem`, else the first by name. False when no class has a main method.
 * Files that are no class files are passed over. */
bool java_main_class(const struct sandbox_file *files, int64_t n, struct str entry, struct str stem,
                     struct str *out, struct arena *keep);
