#include <cstdio>
int main()
{
    int s;
    if (scanf("%d", &s) != 1)
        return 1;
    printf("%d\n", s);
    while (s-- > 0)
        printf("1 ");
    puts("");
}
