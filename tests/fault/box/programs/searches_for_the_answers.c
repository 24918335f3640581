/* expect: exited
 * only: closed-files
 * The caller has put a file called EXPECTED beside its own; nothing of that name may be seen. */
#include <dirent.h>
#include <hostile.h>
static void search(const char *path, int depth)
{
    char below[4096];
    DIR *d = depth > 6 ? NULL : opendir(path);
    struct dirent *e;
    if (d == NULL)
        return;
    while ((e = readdir(d)) != NULL) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(below, sizeof below, "%s/%s", path, e->d_name);
        if (strcmp(e->d_name, "EXPECTED") == 0)
            must_fail(below, 0);
        if (e->d_type == DT_DIR && strcmp(below, "//usr") != 0 && strcmp(below, "//proc") != 0)
            search(below, depth + 1);
    }
    closedir(d);
}
int main(void)
{
    search("/", 0);
    search("..", 0);
    search("../..", 0);
    return contained();
}
