#include "encoding/tools.h"

#include "encoding/special.h"

#define LINE(text) text "\n"

static const char section_head[] = LINE("## Tools") LINE("")
    LINE("You have access to a set of tools you can use to answer the user's question.") LINE(
        "You can invoke functions by writing a \"" SPECIAL_BLOCK ">\" block like the following as "
        "part of your reply to the user:") LINE(SPECIAL_BLOCK ">") LINE(SPECIAL_INVOKE
                                                                        " name=\"$FUNCTION_NAME\">")
        LINE(SPECIAL_PARAM " name=\"$PARAMETER_NAME\" string=\"true|false\">$PARAMETER_VALUE"
                           "<" SPECIAL_PARAM_END ">") LINE("...") LINE(SPECIAL_INVOKE_END ">")
            LINE(SPECIAL_INVOKE " name=\"$FUNCTION_NAME2\">") LINE("...")
                LINE(SPECIAL_INVOKE_END ">") LINE(SPECIAL_BLOCK_END) LINE("") LINE(
                    "String and scalar parameters should be specified as is without any escaping "
                    "or quotes, "
                    "while lists and objects should use JSON format. The \"string\" attribute "
                    "should be set "
                    "to \"true\" for string type parameters and \"false\" for other types "
                    "(numbers, booleans, "
                    "arrays, objects).") LINE("")
                    LINE("If the thinking_mode is enabled, then after function results you should "
                         "strongly "
                         "consider outputting a thinking block. Here is an example:") LINE("")
                        LINE(SPECIAL_BLOCK ">") LINE("...") LINE(SPECIAL_BLOCK_END) LINE("") LINE(
                            "<function_results>") LINE("...") LINE("</function_results>") LINE("")
                            LINE(SPECIAL_THINK "...thinking about results" SPECIAL_THINK_END)
                                LINE("")
                                    LINE("Here are the functions available in JSONSchema format:")
                                        LINE("<functions>");

static void put_json(struct pieces_out *w, const struct pyval *v)
{
    struct buf text = {0};
    pyjson_dumps(v, &text);
    pieces_text(w, buf_str(&text));
    buf_free(&text);
}

void tools_section(struct pieces_out *w, const struct pyval *tools)
{
    pieces_template(w, STR(section_head));
    for (const struct pyval *t = tools->first; t != NULL; t = t->next) {
        put_json(w, pyjson_get(t, STR("function")));
        pieces_template(w, STR("\n"));
    }
    pieces_template(w, STR("</functions>\n"));
}

void tools_response_format(struct pieces_out *w, const struct pyval *schema)
{
    pieces_template(w, STR("## Response Format:\n\nYou MUST strictly adhere to the following "
                           "schema to reply:\n"));
    put_json(w, schema);
}

void tools_open(struct pieces_out *w)
{
    pieces_template(w, STR("\n\n" SPECIAL_BLOCK ">\n"));
}

void tools_close(struct pieces_out *w)
{
    pieces_template(w, STR("\n" SPECIAL_BLOCK_END));
}

static void put_param(struct pieces_out *w, const struct pyval *v)
{
    pieces_template(w, STR(SPECIAL_PARAM " name=\""));
    pieces_text(w, v->key);
    pieces_template(w,
                    v->kind == PY_STR ? STR("\" string=\"true\">") : STR("\" string=\"false\">"));
    if (v->kind == PY_STR)
        pieces_text(w, v->text);
    else
        put_json(w, v);
    pieces_template(w, STR("<" SPECIAL_PARAM_END ">"));
}

void tools_call(struct pieces_out *w, struct str name, const struct pyval *arguments, bool is_first)
{
    pieces_template(w, is_first ? STR(SPECIAL_INVOKE " name=\"")
                                : STR("\n" SPECIAL_INVOKE " name=\""));
    pieces_text(w, name);
    pieces_template(w, STR("\">\n"));
    for (const struct pyval *v = arguments->first; v != NULL; v = v->next) {
        put_param(w, v);
        if (v->next != NULL)
            pieces_template(w, STR("\n"));
    }
    pieces_template(w, STR("\n" SPECIAL_INVOKE_END ">"));
}
