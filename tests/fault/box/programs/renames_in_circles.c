/* expect: cpu
 * Two processes that move folders into each other for as long as they are let. */
#include <hostile.h>
int main(void)
{
    (void)mkdir("a", 0777);
    (void)mkdir("b", 0777);
    (void)mkdir("a/x", 0777);
    int is_child = fork() == 0;
    for (unsigned i = 0;; i++) {
        (void)!rename(is_child ? "a/x" : "b/x", is_child ? "b/x" : "a/x");
        (void)!rename(is_child ? "a" : "b", is_child ? "b/x/a" : "a/x/b");
        (void)!rename("b/x/a", "a");
        (void)!rename("a/x/b", "b");
    }
}
