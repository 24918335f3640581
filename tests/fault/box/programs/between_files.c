/* expect: exited
 * A folder that two runs share, or a cleaning that misses a place, hands the next program what the
 * last one computed. */
#include <dirent.h>
#include <hostile.h>
static void search(const char *path, int depth)
{
    char below[4096];
    DIR *d = depth > 5 ? NULL : opendir(path);
    struct dirent *e;
    if (d == NULL)
        return;
    while ((e = readdir(d)) != NULL) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(below, sizeof below, "%s/%s", path, e->d_name);
        if (strncmp(e->d_name, "LEFT_BEHIND", 11) == 0)
            must_fail(below, 0);
        if (e->d_type == DT_DIR && strcmp(below, "//usr") != 0 && strcmp(below, "//proc") != 0)
            search(below, depth + 1);
    }
    closedir(d);
}
int main(int argc, char **argv)
{
    static const char *const folders[] = {".",        "..",   "/tmp",      "/dev/shm",
                                          "/var/tmp", "/run", "/run/lock", "/dev/mqueue",
                                          "/usr/tmp", "/box", "/",         "/var/lock"};
    char path[256];
    if (is_role(argc, argv, "find")) {
        search("/", 0);
        search(".", 0);
        search("/tmp", 0);
        return contained();
    }
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s/LEFT_BEHIND", folders[i]);
        close(open(path, O_CREAT | O_WRONLY, 0666));
        snprintf(path, sizeof path, "%s/LEFT_BEHIND.d", folders[i]);
        (void)mkdir(path, 0777);
        strcat(path, "/LEFT_BEHIND");
        close(open(path, O_CREAT | O_WRONLY, 0666));
    }
    return stay(argc, argv);
}
