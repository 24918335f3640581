import java.util.Scanner;

public class Streak {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        long k = in.nextLong(), x = in.nextLong(), a = in.nextLong(), b = in.nextLong(), m = in.nextLong();
        long[] sums = new long[n + 1], lowest = new long[n + 1], highest = new long[n + 1];
        for (int i = 1; i <= n; i++) {
            sums[i] = sums[i - 1] + x % m - k;
            lowest[i] = Math.min(lowest[i - 1], sums[i]);
            x = (a * x + b) % (1L << 31);
        }
        highest[n] = sums[n];
        for (int i = n - 1; i >= 0; i--) {
            highest[i] = Math.max(highest[i + 1], sums[i]);
        }
        int best = 0;
        for (int i = 0, j = 0; j <= n;) {
            if (lowest[i] <= highest[j]) {
                best = Math.max(best, j - i);
                j++;
            } else {
                i++;
                j = Math.max(i, j);
            }
        }
        System.out.println(best == 0 ? "cold" : "" + best);
    }
}
