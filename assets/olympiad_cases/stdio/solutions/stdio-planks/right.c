#include <stdio.h>

int main(void)
{
    static long long ways[5001];
    static int least[5001];
    int n, k, plank[20];
    if (scanf("%d %d", &n, &k) != 2)
        return 1;
    for (int j = 0; j < k; j++)
        if (scanf("%d", &plank[j]) != 1)
            return 1;
    ways[0] = 1;
    for (int i = 1; i <= n; i++) {
        least[i] = -1;
        for (int j = 0; j < k; j++) {
            int from = i - plank[j];
            if (from < 0 || least[from] < 0)
                continue;
            ways[i] = (ways[i] + ways[from]) % 1000000007;
            if (least[i] < 0 || least[from] + 1 < least[i])
                least[i] = least[from] + 1;
        }
    }
    printf("%lld %d", least[n] < 0 ? 0 : ways[n], least[n]);
    return 0;
}
