/* What spreadsheets, dataframes and wrong encodings make of an answer. Each pattern is narrow: a
 * flag on a right gold costs a person's look, but a list full of them is not read at all. */
#include "harness/audit.h"

static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                     "jul", "aug", "sep", "oct", "nov", "dec"};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits at the front, taken off; how many, 0 when not within [least, most]. */
static int64_t take_digits(struct str *s, int64_t least, int64_t most)
{
    int64_t n = 0;
    while (n < s->n && is_digit(s->at[n]))
        n++;
    if (n < least || n > most)
        return 0;
    *s = str_sub(*s, n, s->n);
    return n;
}

static bool take_month(struct str *s)
{
    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        bool is = s->n >= 3;
        for (int k = 0; k < 3 && is; k++)
            is = (s->at[k] | 0x20) == months[i][k];
        if (!is)
            continue;
        *s = str_sub(*s, 3, s->n);
        return true;
    }
    return false;
}

static bool take_byte(struct str *s, char c)
{
    if (s->n == 0 || s->at[0] != c)
        return false;
    *s = str_sub(*s, 1, s->n);
    return true;
}

/* "1-Mar", "3-Apr-24": what 1/3 and 3/4 turn into. "Mar-01" likewise. */
static bool is_month_date(struct str s)
{
    if (take_month(&s))
        return take_byte(&s, '-') && take_digits(&s, 2, 4) > 0 && s.n == 0;
    if (take_digits(&s, 1, 2) == 0 || !take_byte(&s, '-') || !take_month(&s))
        return false;
    return s.n == 0 || (take_byte(&s, '-') && take_digits(&s, 2, 4) > 0 && s.n == 0);
}

/* "3/4/2024", "2024-03-04", "2024-03-04 00:00:00" */
static bool is_full_date(struct str s)
{
    struct str t = s;
    if (take_digits(&t, 1, 2) > 0 && take_byte(&t, '/') && take_digits(&t, 1, 2) > 0 &&
        take_byte(&t, '/') && take_digits(&t, 4, 4) == 4 && t.n == 0)
        return true;
    t = s;
    return take_digits(&t, 4, 4) == 4 && take_byte(&t, '-') && take_digits(&t, 2, 2) == 2 &&
           take_byte(&t, '-') && take_digits(&t, 2, 2) == 2 &&
           (t.n == 0 || str_eq(t, STR(" 00:00:00")));
}

/* "1.23E+11": a whole number of which only these digits are left. */
static bool is_shown_exponent(struct str s)
{
    (void)take_byte(&s, '-');
    if (take_digits(&s, 1, 1) == 0)
        return false;
    if (take_byte(&s, '.') && take_digits(&s, 1, 20) == 0)
        return false;
    return (take_byte(&s, 'E') || take_byte(&s, 'e')) && take_byte(&s, '+') &&
           take_digits(&s, 2, 3) > 0 && s.n == 0;
}

static bool is_error_cell(struct str s)
{
    static const char *const cells[] = {"#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#N/A",
                                        "#NUM!", "#NULL!", "#SPILL!", "#CALC!",  NULL};
    for (int i = 0; cells[i] != NULL; i++)
        if (str_eq(s, str_of(cells[i])))
            return true;
    for (int64_t i = 0; i < s.n; i++)
        if (s.at[i] != '#')
            return false;
    return s.n >= 3;
}

static bool is_missing(struct str s)
{
    static const char *const words[] = {"nan", "NaN", "None", "null", "NULL", "N/A", "n/a", "NA"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(s, str_of(words[i])))
            return true;
    return false;
}

/* UTF-8 that was read as Latin-1 or Windows-1252 and written again, or given up on. */
static bool is_misread(struct str s)
{
    static const char *const marks[] = {"\xc3\x83\xc2", "\xc3\x82\xc2", "\xc3\xa2\xe2\x82\xac",
                                        "\xc3\xa2\xcb\x86", "\xef\xbf\xbd"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (str_find(s, str_of(marks[i]), 0) >= 0)
            return true;
    return false;
}

/* Sixteen digits and more of which a spreadsheet kept fifteen. 10^20 keeps one: that is a number.
 */
static bool is_cut_to_15(struct str s)
{
    enum { KEPT = 15 };
    struct str t = s;
    if (take_digits(&t, KEPT + 1, 400) == 0 || t.n > 0)
        return false;
    for (int64_t i = KEPT; i < s.n; i++)
        if (s.at[i] != '0')
            return false;
    return s.at[KEPT - 1] != '0' || s.at[KEPT - 2] != '0';
}

/* The number of a day between 2000 and 2040. */
static bool is_day_number(struct str s)
{
    int64_t v;
    return s.n == 5 && str_i64(s, &v) && v >= 36526 && v <= 51501;
}

const char *audit_damage(struct str gold, bool is_small, bool *is_doubtful)
{
    struct str s = str_trim(gold);
    *is_doubtful = false;
    if (is_month_date(s) || is_full_date(s))
        return "a date, as spreadsheets make of fractions and differences";
    if (is_error_cell(s))
        return "a spreadsheet's error";
    if (is_missing(s))
        return "a missing value";
    if (is_misread(s))
        return "text in a wrong encoding";
    if (is_shown_exponent(s))
        return "a number as a spreadsheet shows a long one: the other digits are gone";
    *is_doubtful = true;
    if (is_cut_to_15(s))
        return "zeros from the 16th digit on: a spreadsheet keeps fifteen";
    if (is_small && is_day_number(s))
        return "the number a spreadsheet has for a day; no other answer here is that large";
    return NULL;
}
