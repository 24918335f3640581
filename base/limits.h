/* Every cap in one place. A loop, queue or buffer names the cap that bounds it. */
#pragma once

#define LIMIT_KIB 1024LL
#define LIMIT_MIB (1024LL * 1024LL)
#define LIMIT_GIB (1024LL * 1024LL * 1024LL)

/* Text and files */
#define LIMIT_FILE_BYTES  (2 * LIMIT_GIB)   /* a text read whole; weights are mapped */
#define LIMIT_STDIN_BYTES (256 * LIMIT_MIB) /* a document given on standard input */
#define LIMIT_JSON_DEPTH  512               /* nesting of foreign JSON; real documents use < 20 */
#define LIMIT_YAML_BYTES  LIMIT_MIB         /* one document of a package */
#define LIMIT_YAML_DEPTH  32                /* nesting; real documents use < 6 */
#define LIMIT_YAML_NODES  100000            /* of one document, aliases written out */
#define LIMIT_YAML_KEYS   4096              /* of one map */
#define LIMIT_PATH_BYTES  4096              /* PATH_MAX */
#define LIMIT_REPLY_BYTES (64 * LIMIT_MIB)  /* one completion */

/* Arenas: address space reserved, memory only as touched */
#define LIMIT_ARENA_RUN  (4 * LIMIT_GIB)
#define LIMIT_ARENA_ITEM (1 * LIMIT_GIB)
#define LIMIT_ARENA_TMP  (1 * LIMIT_GIB)

/* Engine */
#define LIMIT_BATCH       256     /* requests in one engine step */
#define LIMIT_THREADS     256     /* worker threads of the CPU kernels */
#define LIMIT_LAYERS      256     /* decoder layers of a model */
#define LIMIT_ROPE_DIM    1024    /* rotated numbers of one head */
#define LIMIT_STEP_TOKENS 16384   /* rows of one engine step */
#define LIMIT_VOCAB       1048576 /* rows of the embedding */

/* Traces */
#define LIMIT_TRACE_EXPERTS 65536 /* of one layer, in the header of a file read */

/* Pages of the cache, and drafts */
#define LIMIT_PAGES_KEPT    256 /* of ended requests, or an eighth of the pool if that is more */
#define LIMIT_PAGE_SIBLINGS 256 /* pages looked at for the longest common beginning */
#define LIMIT_DRAFT         15  /* tokens guessed ahead of one request in one step */

/* Grading */
#define LIMIT_BRACE_DEPTH       64 /* nesting in an extracted answer; real answers use < 8 */
#define LIMIT_ANSWER_BYTES      (64 * LIMIT_KIB) /* an extracted answer; longer is undecided */
#define LIMIT_BOXES_OPEN        4096             /* boxes open at once in a reply, a power of two */
#define LIMIT_SAID_WORDS        4096 /* "answer" and the like looked at in a reply, from its end */
#define LIMIT_SAID_BYTES        (256 * LIMIT_KIB) /* read of what they declare, all together */
#define LIMIT_MATH_NODES        32768 /* of the graph of one pair; real pairs have < 200 */
#define LIMIT_MATH_ARGS         4096  /* of one node: members of a list, cells of a matrix */
#define LIMIT_MATH_DEPTH        200   /* nesting of one answer as read; real ones have < 20 */
#define LIMIT_MATH_BITS         (256 * 1024LL) /* of one exact number: 65536 decimal digits fit */
#define LIMIT_MATH_READINGS     8              /* of one ambiguous text */
#define LIMIT_MATH_PAIRS        65536          /* of members compared for one pair of lists */
#define LIMIT_MATH_WORK         20000000LL     /* units of exact.h for one pair: about 20 ms */
#define LIMIT_MATH_TERMS        65536 /* the prover's own graph of one pair; real ones have < 300 */
#define LIMIT_MATH_PROOF        20000 /* bits: where a separation bound asks for more, unknown */
#define LIMIT_MATH_SUM          10000 /* terms of a sum or product that is written out */
#define LIMIT_MATH_VARS         16    /* free variables of one pair of functions */
#define LIMIT_MATH_GENS         32    /* generators of a pair's polynomials */
#define LIMIT_MATH_LOOP         4096  /* terms of a sum written out at one point */
#define LIMIT_MATH_PIECES       64    /* points and intervals of one set of reals */
#define LIMIT_MATH_PARTS        32    /* relations of one statement, equations of a system */
#define LIMIT_MATH_MONOMIALS    4096  /* of one exact polynomial */
#define LIMIT_FAMILY_MEMBERS    64    /* progressions of one family; real ones have < 10 */
#define LIMIT_FAMILY_DIMENSIONS 8     /* coordinates of one point of a family */
#define LIMIT_FAMILY_WINDOW     65536 /* places of a common grid that two families are compared on */
#define LIMIT_SOURCE_BYTES      LIMIT_MIB /* one submitted program */
#define LIMIT_TESTS             4096      /* hidden tests of one programming item */

/* Suites, and a model as judge */
#define LIMIT_ERRATA    4096 /* of one suite; one with more wants another data file */
#define LIMIT_QUESTIONS 4    /* a grader may ask about one reply, one after the other */
#define LIMIT_ASKED     64   /* questions waiting for the model; beyond, no reply is judged */
#define LIMIT_ANSWERS_BYTES                                                                        \
    (256 * LIMIT_MIB)            /* lines read and not answered yet; one may go over               \
                                  */
#define LIMIT_SPECIAL_ZETA  64   /* argument of zeta whose exact value is taken, of either sign */
#define LIMIT_SPECIAL_GAMMA 255  /* n of Gamma(n/2), likewise */
#define LIMIT_SPECIAL_SHIFT 16   /* steps from Gamma(x + n) to Gamma(x) */
#define LIMIT_SPECIAL_CALLS 32   /* calls replaced in one reading */
#define LIMIT_RADIX_DIGITS  1024 /* of a number in a base that letters stand for */
#define LIMIT_SERIES_DEGREE 32   /* of a polynomial that is summed by its differences */
#define LIMIT_SERIES_TERMS  1000000000000 /* of such a sum */
#define LIMIT_SERIES_SHORT  200           /* terms that are rather written out */
#define LIMIT_SERIES_VISITS 256           /* nodes of one body */
#define LIMIT_MATRIX_SIDE   16            /* rows and columns of a matrix that is multiplied */
#define LIMIT_MATRIX_POWER  100000        /* exponent of a matrix */
#define LIMIT_MATRIX_WORK   2000000       /* bits times cells multiplied for one text */
#define LIMIT_MATH_TOKENS   16384         /* of one answer as read */

/* Packages: folders of contest tasks */
#define LIMIT_PACKAGE_ENTRIES    500000 /* files and folders looked at */
#define LIMIT_PACKAGE_DEPTH      8      /* folders in folders; deeper is a loop of links */
#define LIMIT_PACKAGE_TEXT_BYTES (256 * LIMIT_MIB) /* sources and settings kept of one task */
#define LIMIT_SCRIPT_LINES       100000            /* of a generator script */
#define LIMIT_ZIP_ENTRIES        200000            /* of an archive */
#define LIMIT_ZIP_BYTES          (16 * LIMIT_GIB)  /* unpacked */
#define LIMIT_ZIP_FREE_BYTES     (256 * LIMIT_MIB) /* up to here any ratio of packing will do */
#define LIMIT_ZIP_RATIO          300               /* beyond it; real packages reach 100 */
