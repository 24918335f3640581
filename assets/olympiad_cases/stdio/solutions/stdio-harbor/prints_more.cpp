#include <cstdio>
#include <vector>

int main()
{
    int n, q;
    if (std::scanf("%d %d", &n, &q) != 2)
        return 1;
    std::printf("read %d boats\n", n);
    std::printf("2 10\n1\n2\n1\n1\n0\n");
}
