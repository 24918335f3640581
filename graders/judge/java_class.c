/* Reading a class file far enough to see its name and its methods.
 *
 * Source  The Java Virtual Machine Specification, chapter 4 ("The class File Format"). */
#include "graders/judge/java.h"

enum { ACC_PUBLIC = 1, ACC_STATIC = 8, CONSTANT_UTF8 = 1, CONSTANT_CLASS = 7 };
#define CLASS_MAGIC 0xCAFEBABE

struct reader {
    struct str rest;
    bool is_bad;
};

/* Where each constant's bytes are. */
struct pool {
    struct str *at;
    uint8_t *tag;
    int64_t n;
};

enum main_kind { MAIN_NONE, MAIN_INSTANCE /* since Java 25 */, MAIN_STATIC };

static struct str take(struct reader *r, int64_t n)
{
    if (n > r->rest.n)
        r->is_bad = true;
    struct str s = r->is_bad ? (struct str){"", 0} : str_sub(r->rest, 0, n);
    r->rest = str_sub(r->rest, s.n, r->rest.n);
    return s;
}

static int64_t big_endian(struct str s)
{
    int64_t v = 0;
    for (int64_t i = 0; i < s.n; i++)
        v = v << 8 | (unsigned char)s.at[i];
    return v;
}

static int64_t take_u16(struct reader *r)
{
    return big_endian(take(r, 2));
}

/* Bytes after a constant's tag; -1: no such tag. */
static int64_t constant_size(int64_t tag, struct reader *r)
{
    static const int8_t sizes[] = {
        [3] = 4,  [4] = 4,  [5] = 8,  [6] = 8,  [7] = 2,  [8] = 2,  [9] = 4,  [10] = 4,
        [11] = 4, [12] = 4, [15] = 3, [16] = 2, [17] = 4, [18] = 4, [19] = 2, [20] = 2};
    if (tag == CONSTANT_UTF8)
        return take_u16(r);
    return tag < (int64_t)sizeof sizes && sizes[tag] != 0 ? sizes[tag] : -1;
}

static struct pool read_pool(struct reader *r, struct arena *tmp)
{
    struct pool p = {.n = take_u16(r)};
    p.at = NEW(tmp, struct str, p.n + 1);
    p.tag = NEW(tmp, uint8_t, p.n + 1);
    for (int64_t i = 1; i < p.n && !r->is_bad; i++) {
        int64_t tag = big_endian(take(r, 1));
        int64_t n = constant_size(tag, r);
        r->is_bad = r->is_bad || n < 0;
        p.tag[i] = (uint8_t)tag;
        p.at[i] = take(r, n < 0 ? 0 : n);
        i += tag == 5 || tag == 6; /* long and double count twice */
    }
    return p;
}

static struct str text_of(const struct pool *p, int64_t i)
{
    return i > 0 && i < p->n && p->tag[i] == CONSTANT_UTF8 ? p->at[i] : (struct str){"", 0};
}

static struct str class_name(const struct pool *p, int64_t i)
{
    if (i <= 0 || i >= p->n || p->tag[i] != CONSTANT_CLASS)
        return (struct str){"", 0};
    return text_of(p, big_endian(p->at[i]));
}

static void skip_attributes(struct reader *r)
{
    for (int64_t n = take_u16(r); n > 0 && !r->is_bad; n--) {
        (void)take_u16(r);
        (void)take(r, big_endian(take(r, 4)));
    }
}

static enum main_kind kind_of(int64_t access, struct str name, struct str type)
{
    if (!str_eq(name, STR("main")))
        return MAIN_NONE;
    bool has_args = str_eq(type, STR("([Ljava/lang/String;)V"));
    if (has_args && (access & (ACC_PUBLIC | ACC_STATIC)) == (ACC_PUBLIC | ACC_STATIC))
        return MAIN_STATIC;
    return has_args || str_eq(type, STR("()V")) ? MAIN_INSTANCE : MAIN_NONE;
}

/* Fields (which cannot be main) or methods. */
static enum main_kind read_members(struct reader *r, const struct pool *p)
{
    enum main_kind best = MAIN_NONE;
    for (int64_t n = take_u16(r); n > 0 && !r->is_bad; n--) {
        int64_t access = take_u16(r);
        struct str name = text_of(p, take_u16(r));
        enum main_kind k = kind_of(access, name, text_of(p, take_u16(r)));
        best = k > best ? k : best;
        skip_attributes(r);
    }
    return best;
}

/* The class's name with slashes, and what main it has. MAIN_NONE for what is no class file. */
static enum main_kind read_class(struct str bytes, struct str *name, struct arena tmp)
{
    struct reader r = {.rest = bytes};
    if (big_endian(take(&r, 4)) != CLASS_MAGIC)
        return MAIN_NONE;
    (void)take(&r, 4); /* version */
    struct pool p = read_pool(&r, &tmp);
    (void)take_u16(&r); /* access */
    *name = class_name(&p, take_u16(&r));
    (void)take_u16(&r);               /* super */
    (void)take(&r, 2 * take_u16(&r)); /* interfaces */
    (void)read_members(&r, &p);       /* fields */
    enum main_kind k = read_members(&r, &p);
    return r.is_bad || name->n == 0 ? MAIN_NONE : k;
}

static struct str with_dots(struct str name, struct arena *keep)
{
    char *at = NEW(keep, char, name.n + 1);
    for (int64_t i = 0; i < name.n; i++)
        at[i] = name.at[i] == '/' ? '.' : name.at[i];
    return (struct str){at, name.n};
}

static int liking(struct str name, enum main_kind k, struct str entry, struct str stem)
{
    struct str simple = str_sub(name, str_rfind(name, STR(".")) + 1, name.n);
    int points = k == MAIN_STATIC ? 2 : 1;
    points += str_eq(simple, stem) ? 4 : 0;
    points += str_eq(simple, STR("Main")) ? 8 : 0;
    points += entry.n > 0 && (str_eq(name, entry) || str_eq(simple, entry)) ? 16 : 0;
    return points;
}

bool java_main_class(const struct sandbox_file *files, int64_t n, struct str entry, struct str stem,
                     struct str *out, struct arena *keep)
{
    int best = 0;
    for (int64_t i = 0; i < n; i++) {
        struct str name = {0};
        enum main_kind k = read_class(files[i].bytes, &name, *keep);
        if (k == MAIN_NONE)
            continue;
        name = with_dots(name, keep);
        int points = liking(name, k, entry, stem);
        if (points > best || (points == best && str_cmp(name, *out) < 0)) {
            best = points;
            *out = name;
        }
    }
    return best > 0;
}
