#include "graders/math/latex_unit.h"

#include <assert.h>

/* Sorted by strcmp. Words that are plain English first ("in", "a", "second" before a noun) are
 * units only after a number, so they may stand here. */
static const struct {
    const char *spelled;
    const char *name;
} units[] = {
    {"A", "A"},
    {"EUR", "euro"},
    {"Hz", "Hz"},
    {"J", "J"},
    {"K", "K"},
    {"L", "L"},
    {"N", "N"},
    {"Pa", "Pa"},
    {"USD", "$"},
    {"V", "V"},
    {"W", "W"},
    {"acre", "acre"},
    {"amp", "A"},
    {"ampere", "A"},
    {"cent", "cent"},
    {"centimeter", "cm"},
    {"centimetre", "cm"},
    {"cm", "cm"},
    {"cms", "cm"},
    {"cup", "cup"},
    {"day", "day"},
    {"decimeter", "dm"},
    {"deg", "deg"},
    {"degree", "deg"},
    {"degrees", "deg"},
    {"dm", "dm"},
    {"dollar", "$"},
    {"euro", "euro"},
    {"feet", "ft"},
    {"foot", "ft"},
    {"ft", "ft"},
    {"g", "g"},
    {"gal", "gal"},
    {"gallon", "gal"},
    {"gm", "g"},
    {"gram", "g"},
    {"h", "h"},
    {"hectare", "hectare"},
    {"hertz", "Hz"},
    {"hour", "h"},
    {"hr", "h"},
    {"hrs", "h"},
    {"inch", "in"},
    {"inches", "in"},
    {"joule", "J"},
    {"kJ", "kJ"},
    {"kPa", "kPa"},
    {"kW", "kW"},
    {"kelvin", "K"},
    {"kg", "kg"},
    {"kgs", "kg"},
    {"kilogram", "kg"},
    {"kilometer", "km"},
    {"kilometre", "km"},
    {"km", "km"},
    {"kmh", "km/h"},
    {"kmph", "km/h"},
    {"kms", "km"},
    {"kph", "km/h"},
    {"l", "L"},
    {"lb", "lb"},
    {"lbs", "lb"},
    {"liter", "L"},
    {"litre", "L"},
    {"m", "m"},
    {"mL", "mL"},
    {"meter", "m"},
    {"metre", "m"},
    {"mg", "mg"},
    {"mi", "mi"},
    {"mile", "mi"},
    {"milligram", "mg"},
    {"milliliter", "mL"},
    {"millilitre", "mL"},
    {"millimeter", "mm"},
    {"millimetre", "mm"},
    {"millisecond", "ms"},
    {"mins", "min"},
    {"minute", "min"},
    {"ml", "mL"},
    {"mm", "mm"},
    {"mol", "mol"},
    {"mole", "mol"},
    {"month", "month"},
    {"mph", "mi/h"},
    {"ms", "ms"},
    {"nanometer", "nm"},
    {"newton", "N"},
    {"nm", "nm"},
    {"ohm", "ohm"},
    {"ounce", "oz"},
    {"oz", "oz"},
    {"pascal", "Pa"},
    {"pint", "pt"},
    {"point", "point"},
    {"pound", "lb"},
    {"pt", "pt"},
    {"qt", "qt"},
    {"quart", "qt"},
    {"rad", "rad"},
    {"radian", "rad"},
    {"rads", "rad"},
    {"rpm", "rpm"},
    {"s", "s"},
    {"sec", "s"},
    {"second", "s"},
    {"secs", "s"},
    {"ton", "ton"},
    {"tonne", "ton"},
    {"unit", "unit"},
    {"units", "unit"},
    {"usd", "$"},
    {"volt", "V"},
    {"watt", "W"},
    {"week", "week"},
    {"wk", "week"},
    {"yard", "yd"},
    {"yd", "yd"},
    {"yds", "yd"},
    {"year", "year"},
    {"yr", "year"},
    {"yrs", "year"},
};

enum { N_UNITS = (int)(sizeof units / sizeof *units) };

static int32_t find(struct str word)
{
    int32_t low = 0;
    int32_t n = N_UNITS;
    while (n > 0) {
        int32_t half = n / 2;
        int order = str_cmp(str_of(units[low + half].spelled), word);
        if (order == 0)
            return low + half + 1;
        low = order < 0 ? low + half + 1 : low;
        n = order < 0 ? n - half - 1 : half;
    }
    return 0;
}

int32_t latex_unit_of(struct str word)
{
    enum { LONGEST = 16 };
    char room[LONGEST];
    int32_t found = find(word);
    if (found != 0 || word.n < 4 || word.n > LONGEST)
        return found;
    for (int64_t i = 0; i < word.n; i++)
        room[i] = word.at[i] >= 'A' && word.at[i] <= 'Z' ? (char)(word.at[i] + 32) : word.at[i];
    struct str low = {room, word.n};
    found = find(low);
    return found != 0 || !str_ends(low, STR("s")) ? found : find(str_sub(low, 0, low.n - 1));
}

struct str latex_unit_name(int32_t unit)
{
    assert(unit > 0);
    assert(unit <= N_UNITS);
    return str_of(units[unit - 1].name);
}
