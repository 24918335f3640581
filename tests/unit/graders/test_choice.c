#include "base/limits.h"
#include "base/rng.h"
#include "graders/choice.h"
#include "tests/support/support.h"

static struct arena keep;
static struct arena tmp;

static void set_up(void)
{
    arena_init(&keep, "keep", LIMIT_ARENA_ITEM);
    arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
}

static void tear_down(void)
{
    arena_fini(&keep);
    arena_fini(&tmp);
}

TestSuite(choice, .init = set_up, .fini = tear_down);

static const struct str speeds[] = {{"5 m/s", 5}, {"10 m/s", 6}, {"15 m/s", 6}, {"20 m/s", 6}};

static struct choice ask(const char *reply)
{
    return choice_extract(str_of(reply), NULL, 4, &keep, tmp);
}

static void chooses(const char *reply, char letter)
{
    struct choice c = ask(reply);
    cr_assert_eq(c.found, CHOICE_LETTER, "%s: %s", reply, c.why);
    cr_assert_eq(c.letter, letter, "%s: %c", reply, c.letter);
}

static void abstains(const char *reply)
{
    struct choice c = ask(reply);
    cr_assert_eq(c.found, CHOICE_ABSTAIN, "%s: %d %c %s", reply, (int)c.found, c.letter, c.why);
    cr_assert_eq(c.letter, 0);
}

static void is_silent(const char *reply)
{
    struct choice c = ask(reply);
    cr_assert_eq(c.found, CHOICE_NONE, "%s: %c %s", reply, c.letter, c.why);
}

Test(choice, a_letter_is_read_in_any_dress)
{
    static const char *const dressed[] = {"%c",
                                          "(%c)",
                                          "**%c**",
                                          "**%c) something**",
                                          "$%c$",
                                          "\\text{%c}",
                                          "\\textbf{(%c)}",
                                          "[%c]",
                                          "%c.",
                                          "%c)",
                                          "\"%c\"",
                                          "`%c`",
                                          "$\\mathrm{%c}$",
                                          "\\(%c\\)",
                                          "%c: something",
                                          "option %c",
                                          "**Option %c**",
                                          "%c - something",
                                          "%c, because it fits",
                                          "the letter %c",
                                          "（%c）",
                                          "**(%c)**",
                                          "\\left(%c\\right)"};
    for (size_t i = 0; i < sizeof dressed / sizeof *dressed; i++) {
        for (char letter = 'A'; letter <= 'D'; letter++) {
            struct buf reply = {0};
            struct str form = str_of(dressed[i]);
            int64_t at = str_find(form, STR("%c"), 0);
            buf_fmt(&reply, "Some thought.\n\nAnswer: %.*s%c%s\n", (int)at, form.at, letter,
                    form.at + at + 2);
            chooses(reply.at, letter);
            buf_clear(&reply);
            buf_fmt(&reply, "We see that \\boxed{%.*s%c%s} holds", (int)at, form.at, letter,
                    form.at + at + 2);
            chooses(reply.at, letter);
            buf_free(&reply);
        }
    }
}

/* Whatever precedes, the last declaration decides; and a letter of no option is never given. */
Test(choice, the_last_declaration_wins_over_all_before)
{
    static const char *const forms[] = {
        "Answer: %c\n", "The answer is (%c).\n",       "So \\boxed{%c} it is\n", "**Answer:** %c\n",
        "答案：%c\n",   "The correct option is %c.\n", "<answer>%c</answer>\n",  "Réponse : %c\n"};
    uint64_t seed = support_seed(5);
    enum { FORMS = sizeof forms / sizeof *forms };
    for (uint64_t i = 0; i < 3000; i++) {
        struct buf reply = {0};
        char last = 0;
        bool is_box = false; /* a letter in a box may be a quantity */
        int64_t n = 1 + (int64_t)rng_below(seed, i, 0, 5);
        for (int64_t k = 0; k < n; k++) {
            struct str form = str_of(forms[rng_below(seed, i, 10 + (uint64_t)k, FORMS)]);
            int64_t at = str_find(form, STR("%c"), 0);
            is_box = str_find(form, STR("boxed"), 0) >= 0;
            last = (char)('A' + rng_below(seed, i, 20 + (uint64_t)k, 4));
            buf_fmt(&reply, "We compute a bit.\n%.*s%c%s", (int)at, form.at, last,
                    form.at + at + 2);
        }
        chooses(reply.at, last);
        struct choice few = choice_extract(buf_str(&reply), NULL, 1, &keep, tmp);
        cr_assert(is_box || few.found == (last == 'A' ? CHOICE_LETTER : CHOICE_ABSTAIN), "%s",
                  reply.at);
        buf_free(&reply);
    }
}

Test(choice, a_formula_in_a_box_supplies_no_letter)
{
    chooses("**Answer: D**\n\n\\boxed{\\langle H\\rangle \\ll \\Delta E}", 'D');
    chooses("**Answer: D**\n\n\\boxed{A = \\pi r^2}", 'D');
    chooses("**Answer: D**\n\n\\boxed{B_0}", 'D');
    chooses("**Answer: D**\n\n\\boxed{A + B}\n", 'D');
    abstains("\\boxed{\\Delta C}");
    abstains("\\boxed{2A}");
}

Test(choice, several_or_refused_options_abstain)
{
    abstains("Answer: A/B");
    abstains("Answer: B, D");
    abstains("Answer: A or maybe B");
    abstains("Answer: not A");
    abstains("Answer: neither A nor B");
    abstains("Answer: A isn't right");
    abstains("\\boxed{A}, \\boxed{C}");
    abstains("Answer: ABD");
    chooses("Answer: A, B is wrong", 'A');
    chooses("Answer: D; A and B are wrong", 'D');
}

Test(choice, talk_about_options_declares_none)
{
    is_silent("Option A says the answer is B.");
    is_silent("Options: A, B, C, D");
    is_silent("We select A from the set of vertices and colour it.");
    is_silent("Vitamin D is good for people.");
    is_silent("A) 1\nB) 2\nC) 3\nD) 4");
    is_silent("Suppose the answer is C.");
    is_silent("He wrote \"Answer: C\" on the wall, for reasons unknown");
    chooses("A) 1\nB) 2\n\nAnswer: A", 'A');
}

Test(choice, nothing_is_taken_from_reasoning_or_before_an_unclosed_box)
{
    is_silent("<think>Answer: A");
    is_silent("Answer: A</think>");
    is_silent("Answer: A \\boxed{B");
    cr_assert(str_eq(str_of(ask("Answer: A \\boxed{B").rule), STR("unclosed_box")));
    cr_assert(str_eq(str_of(ask("<think>Answer: A").rule), STR("unclosed_think")));
    chooses("Answer: A</think>Answer: B", 'B');
}

Test(choice, the_text_of_one_option_is_as_good_as_its_letter)
{
    struct choice c = choice_extract(STR("Answer: $10$ m/s"), speeds, 4, &keep, tmp);
    cr_assert_eq(c.found, CHOICE_ABSTAIN, "dollars inside are not taken off");
    c = choice_extract(STR("Answer: **10 m/s**."), speeds, 4, &keep, tmp);
    cr_assert_eq(c.letter, 'B');
    cr_assert(str_eq(str_of(c.rule), STR("option_text")));
    c = choice_extract(STR("Answer: A. 10 m/s"), speeds, 4, &keep, tmp);
    cr_assert_eq(c.found, CHOICE_ABSTAIN, "the letter of one, the text of another");
    c = choice_extract(STR("Answer: B. 10 m/s"), speeds, 4, &keep, tmp);
    cr_assert_eq(c.letter, 'B');
    c = choice_extract(STR("10 m/s\n20 m/s"), speeds, 4, &keep, tmp);
    cr_assert_eq(c.found, CHOICE_NONE, "a list of options");
}

Test(choice, the_span_shows_what_was_read)
{
    struct str reply = STR("Answer: A\n\nNo: Answer: **(C)**, since it fits.");
    struct choice c = choice_extract(reply, NULL, 4, &keep, tmp);
    cr_assert(str_eq(str_sub(reply, c.from, c.to), STR("(C)")));
    cr_assert_eq(c.n_declared, 1);
    cr_assert(str_eq(str_of(c.rule), STR("declared")));
}

Test(choice, a_gold_is_a_letter_or_the_text_of_one_option)
{
    static const struct str blood[] = {{"B", 1}, {"A", 1}, {"AB", 2}, {"B", 1}};
    cr_assert_eq(choice_gold(STR("B"), speeds, 4), 1);
    cr_assert_eq(choice_gold(STR("(D)"), speeds, 4), 3);
    cr_assert_eq(choice_gold(STR("E"), speeds, 4), -1);
    cr_assert_eq(choice_gold(STR("b"), speeds, 4), -1);
    cr_assert_eq(choice_gold(STR("15 m/s"), speeds, 4), 2);
    cr_assert_eq(choice_gold(STR("16 m/s"), speeds, 4), -1);
    cr_assert_eq(choice_gold(STR("A"), blood, 4), 0, "a letter before a text");
    cr_assert_eq(choice_gold(STR("AB"), blood, 4), 2);
    cr_assert_eq(choice_gold(STR("J"), NULL, 0), 9);
    cr_assert_eq(choice_gold(STR("K"), NULL, 0), -1);
    cr_assert_eq(choice_gold(STR(""), speeds, 4), -1);
}
