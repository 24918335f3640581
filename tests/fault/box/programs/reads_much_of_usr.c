/* expect: exited
 * memory-mb: 32
 * What it reads of the machine's files stands in the page cache and may be charged to it, but it
 * can be taken back at any time: 300 MiB read under a limit of 32 are no offence. */
#include <dirent.h>
#include <hostile.h>
static long n_left = 300L << 20;
static char block[1 << 20];
static void read_all(const char *path, int depth)
{
    char below[4096];
    DIR *d = depth > 5 || n_left <= 0 ? NULL : opendir(path);
    struct dirent *e;
    if (d == NULL)
        return;
    while (n_left > 0 && (e = readdir(d)) != NULL) {
        if (e->d_name[0] == '.')
            continue;
        snprintf(below, sizeof below, "%s/%s", path, e->d_name);
        if (e->d_type == DT_DIR)
            read_all(below, depth + 1);
        int fd = e->d_type == DT_REG ? open(below, O_RDONLY) : -1;
        ssize_t n = 0;
        while (fd >= 0 && n_left > 0 && (n = read(fd, block, sizeof block)) > 0)
            n_left -= n;
        close(fd);
    }
    closedir(d);
}
int main(void)
{
    read_all("/usr/lib", 0);
    return contained();
}
