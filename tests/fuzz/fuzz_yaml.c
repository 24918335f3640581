/* Any bytes as YAML: refused with a place, or a tree that keeps what yaml.h promises. */
#include <stddef.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static int64_t check_tree(const struct yaml *y, int depth)
{
    int64_t n = 0;
    int64_t n_nodes = 1;
    double x;
    bool yes;
    int64_t i;
    check(depth <= LIMIT_YAML_DEPTH);
    check(y->line >= 1 && y->column >= 1);
    check(utf8_first_bad(y->text) < 0 && utf8_first_bad(y->key) < 0);
    check(y->first == NULL || y->kind == YAML_LIST || y->kind == YAML_MAP);
    check(!yaml_i64(y, &i) || yaml_f64(y, &x));
    check(!yaml_bool(y, &yes) || y->kind == YAML_SCALAR);
    for (const struct yaml *m = yaml_first(y); m != NULL; m = yaml_next(m)) {
        n_nodes += check_tree(m, depth + 1);
        check(y->kind != YAML_MAP || m->key_line >= 1);
        for (const struct yaml *k = yaml_first(y); y->kind == YAML_MAP && k != m; k = yaml_next(k))
            check(!str_eq(k->key, m->key));
        n++;
    }
    check(n == y->n && n_nodes == y->n_nodes);
    return n_nodes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena keep;
    const struct yaml *root = NULL;
    struct err e = {0};
    if (keep.first == NULL)
        arena_init(&keep, "fuzz", LIMIT_ARENA_TMP);
    arena_reset(&keep);
    if (yaml_parse((struct str){(const char *)data, (int64_t)size}, "fuzz", &root, &keep, &e))
        check(check_tree(root, 0) <= LIMIT_YAML_NODES);
    else
        check(e.cls == ERR_INPUT && e.text[0] != 0 && root == NULL);
    return 0;
}
