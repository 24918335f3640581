/* What a tokenizer.json may not say, and that each refusal names the place. */
#include "base/limits.h"
#include "tests/unit/engine/tokenizer_fixture.h"

/* The fixture with the first `was` after `after` replaced by `now`. */
struct edit {
    const char *after;
    const char *was;
    const char *now;
    enum err_class cls;
    const char *says;
};

static const struct edit bad[] = {
    {"", "\"1.0\"", "\"2.0\"", ERR_UNSUPPORTED, "version: \"2.0\""},
    {"\"truncation\"", "null", "{}", ERR_UNSUPPORTED, "truncation: only null"},
    {"\"padding\"", "null", "{}", ERR_UNSUPPORTED, "padding: only null"},
    {"", "\"padding\"", "\"paddings\"", ERR_UNSUPPORTED, "field \"paddings\" is not known"},
    {"", "\"padding\"", "\"version\"", ERR_INPUT, "field \"version\" comes twice"},
    {"", "\"normalizers\": []", "\"normalizers\": [{\"type\": \"NFC\"}]", ERR_UNSUPPORTED,
     "normalizer.normalizers"},
    {"\"normalizer\"", "Sequence", "NFC", ERR_UNSUPPORTED, "normalizer.type: \"NFC\""},
    {"\"pre_tokenizer\"", "Sequence", "Whitespace", ERR_UNSUPPORTED, "pre_tokenizer.type"},
    {"\"pretokenizers\"", "Split", "Punctuation", ERR_UNSUPPORTED,
     "pre_tokenizer.pretokenizers[0].type: \"Punctuation\""},
    {"\"pretokenizers\"", "Isolated", "Removed", ERR_UNSUPPORTED, "pretokenizers[0].behavior"},
    {"\"pretokenizers\"", "\"invert\": false", "\"invert\": true", ERR_UNSUPPORTED,
     "pretokenizers[0].invert: true"},
    {"\"pretokenizers\"", "\"invert\": false", "\"invert\": 0", ERR_INPUT,
     "pretokenizers[0].invert: not true or false"},
    {"\"pretokenizers\"", "\"Regex\"", "\"String\"", ERR_UNSUPPORTED,
     "pretokenizers[0].pattern: field \"String\""},
    {"\"pretokenizers\"", "{1,3}", "{3,1}", ERR_INPUT, "pattern 0: regex at byte"},
    {"\"pretokenizers\"", "\\\\p{N}", "\\\\p{Nd}", ERR_UNSUPPORTED, "pattern 0: regex byte 0"},
    {"\"pretokenizers\"", "\"use_regex\": false", "\"use_regex\": true", ERR_UNSUPPORTED,
     "pretokenizers[3].use_regex: true"},
    {"\"pretokenizers\"", "\"add_prefix_space\": false", "\"add_prefix_space\": true",
     ERR_UNSUPPORTED, "pretokenizers[3].add_prefix_space: true"},
    {"\"post_processor\"", "ByteLevel", "TemplateProcessing", ERR_UNSUPPORTED,
     "post_processor.type: \"TemplateProcessing\""},
    {"\"decoder\"", "ByteLevel", "Metaspace", ERR_UNSUPPORTED, "decoder.type: \"Metaspace\""},
    {"", "\"decoder\"", "\"decoders\"", ERR_UNSUPPORTED, "field \"decoders\""},
    {"\"model\"", "\"BPE\"", "\"Unigram\"", ERR_UNSUPPORTED, "model.type: \"Unigram\""},
    {"\"model\"", "\"BPE\"", "1", ERR_INPUT, "model.type: not a string"},
    {"\"dropout\"", "null", "0.1", ERR_UNSUPPORTED, "model.dropout"},
    {"\"unk_token\"", "null", "\"<unk>\"", ERR_UNSUPPORTED, "model.unk_token"},
    {"\"continuing_subword_prefix\"", "null", "\"##\"", ERR_UNSUPPORTED, "model.continuing"},
    {"\"end_of_word_suffix\"", "null", "\"</w>\"", ERR_UNSUPPORTED, "model.end_of_word"},
    {"\"byte_fallback\"", "false", "true", ERR_UNSUPPORTED, "model.byte_fallback: true"},
    {"\"model\"", "\"fuse_unk\": false", "\"ignore_merges\": true", ERR_UNSUPPORTED,
     "model.ignore_merges: true"},
    {"\"model\"", "\"vocab\"", "\"vocabulary\"", ERR_UNSUPPORTED, "field \"vocabulary\""},
    {"", "\"single_word\": false", "\"single_word\": true", ERR_UNSUPPORTED,
     "added_tokens[0]: an added token.single_word: true"},
    {"", "\"lstrip\": false", "\"lstrip\": true", ERR_UNSUPPORTED, "lstrip: true"},
    {"", "\"rstrip\": false", "\"rstrip\": true", ERR_UNSUPPORTED, "rstrip: true"},
    {"", "\"special\": true", "\"special\": \"yes\"", ERR_INPUT, "special: not true or false"},
    {"", "\"content\": \"<think>\"", "\"content\": \"\"", ERR_INPUT, "content: not a string"},
    {"", "\"content\": \"<think>\"", "\"content\": \"</think>\"", ERR_INPUT,
     " and 524 have the same content"},
    {"", "\"content\": \"<think>\"", "\"content\": \"<thinking>\"", ERR_INPUT,
     "have the same content"},
    {"", "\"id\": 524", "\"id\": 525", ERR_INPUT, "id 525 is taken"},
    {"", "\"id\": 524", "\"id\": -1", ERR_INPUT, "\"<think>\": its id is not a number"},
    {"", "\"id\": 524", "\"id\": 9999", ERR_INPUT, "no entry has id 524"},
    {"", "\"id\": 524", "\"id\": 524.5", ERR_INPUT, "its id is not a number"},
    {"", "\"id\": 524", "\"id\": 1048576", ERR_INPUT, "its id is not a number"},
    {"", "\"content\": \"<think>\"", "\"content\": \"the\"", ERR_INPUT, "\"the\" has a second id"},
    {"\"vocab\"", "\"!\": 3", "\"!\": 4", ERR_INPUT, "id 4 of"},
    {"\"vocab\"", "\"!\": 3", "\"\\u2581\": 3", ERR_INPUT, "id 3, \"\xE2\x96\x81\", is no row"},
    {"\"vocab\"", "\"!\": 3", "\" \": 3", ERR_INPUT, "is no row of bytes"},
    {"\"vocab\"", "\"!\": 3", "\"\": 3", ERR_INPUT, "is no row of bytes"},
    {"\"vocab\"", "\"!\": 3", "\"!!!\": 3", ERR_INPUT, "the byte 0x21 has no entry"},
    {"\"vocab\"", "\"!\": 3", "\"#\": 3", ERR_INPUT, "has a second id"},
    {"\"vocab\"", "\"!\": 3", "\"!\": \"3\"", ERR_INPUT, "\"!\": its id is not a number"},
    {"\"merges\"", "t h", "t zzz", ERR_INPUT, "model.merges[2]: \"zzz\" is not in"},
    {"\"merges\"", "t h", "! !", ERR_INPUT, "model.merges[2]: \"!!\", its result"},
    {"\"merges\"", "t h", "t", ERR_INPUT, "model.merges[2]: neither"},
    {"\"merges\"", "t h", "t h e", ERR_INPUT, "model.merges[2]: neither"},
    {"\"merges\"", "\"t h\"", "[\"t\", \"h\", \"e\"]", ERR_INPUT, "model.merges[2]: neither"},
    {"\"merges\"", "\"t h\"", "7", ERR_INPUT, "model.merges[2]: neither"},
    {"\"merges\"", "i n", "t h", ERR_INPUT, "\"t h\" comes twice"},
    {"", "\"version\"", "version", ERR_INPUT, "fixture: "},
};

static struct str edited(const struct edit *x, struct arena *keep)
{
    struct str file = support_read(FIXTURE "/tokenizer.json", keep);
    struct str was = str_of(x->was);
    int64_t at = str_find(file, str_of(x->after), 0);
    at = at < 0 ? -1 : str_find(file, was, at);
    cr_assert_geq(at, 0, "%s %s is not in the fixture", x->after, x->was);
    struct str tail = str_sub(file, at + was.n, file.n);
    return arena_fmt(keep, "%.*s%s%.*s", (int)at, file.at, x->now, STR_ARG(tail));
}

Test(tokenizer_file, what_we_do_not_do_or_cannot_read_is_refused_by_name)
{
    struct arena keep;
    arena_init(&keep, "test", LIMIT_ARENA_TMP);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err e = {0};
        struct tokenizer *t = NULL;
        struct arena tmp = keep;
        struct str json = edited(&bad[i], &tmp);
        cr_assert_not(tokenizer_read(&t, json, "fixture", &e), "%s was taken", bad[i].now);
        cr_assert(strstr(e.text, bad[i].says) != NULL, "\"%s\" does not say \"%s\"", e.text,
                  bad[i].says);
        cr_assert_eq(e.cls, bad[i].cls, "%s: class %d", e.text, e.cls);
        cr_assert(strncmp(e.text, "fixture: ", 9) == 0, "%s", e.text);
        cr_assert_null(t);
    }
    arena_fini(&keep);
}

/* Other ways of saying the same. */
static const struct edit good[] = {
    {"\"dropout\"", "null,", "null, \"ignore_merges\": false,", ERR_NONE, ""},
    {"\"merges\"", "\"t h\"", "[\"t\", \"h\"]", ERR_NONE, ""},
    {"\"vocab\"", "\"!\"", "\"\\u0021\"", ERR_NONE, ""},
};

Test(tokenizer_file, pairs_for_merges_and_defaults_written_out_are_the_same)
{
    struct arena keep;
    arena_init(&keep, "test", LIMIT_ARENA_TMP);
    struct tokenizer *plain = fixture_open(FIXTURE);
    struct tokens want = fixture_encode(plain, STR("the mother!"), TOKENIZER_TEXT);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct err e = {0};
        struct tokenizer *t = NULL;
        struct arena tmp = keep;
        ASSERT_OK(tokenizer_read(&t, edited(&good[i], &tmp), "fixture", &e), e);
        struct tokens got = fixture_encode(t, STR("the mother!"), TOKENIZER_TEXT);
        fixture_same_ids(&got, want.at, want.n, good[i].now);
        tokens_free(&got);
        tokenizer_close(t);
    }
    tokens_free(&want);
    tokenizer_close(plain);
    arena_fini(&keep);
}

Test(tokenizer_file, a_missing_file_is_named)
{
    struct err e = {0};
    struct tokenizer *t = NULL;
    cr_assert_not(tokenizer_open(&t, "tests/golden/no-such-file.json", &e));
    cr_assert_eq(e.cls, ERR_IO);
    cr_assert(strstr(e.text, "no-such-file.json") != NULL, "%s", e.text);
    cr_assert_not(tokenizer_open(&t, "tests/golden", &e), "a folder without one");
    cr_assert(strstr(e.text, "tests/golden/tokenizer.json") != NULL, "%s", e.text);
    cr_assert_null(t);
}

/* Cut anywhere, the file is refused, not read in part, and nothing is left behind (check-asan). */
Test(tokenizer_file, a_truncated_file_is_refused)
{
    struct arena keep;
    arena_init(&keep, "test", LIMIT_ARENA_TMP);
    struct str file = support_read(FIXTURE "/tokenizer.json", &keep);
    for (int64_t n = 0; n + 2 < file.n; n += 97) {
        struct err e = {0};
        struct tokenizer *t = NULL;
        cr_assert_not(tokenizer_read(&t, str_sub(file, 0, n), "fixture", &e));
        cr_assert_eq(e.cls, ERR_INPUT, "%s", e.text);
    }
    arena_fini(&keep);
}
