import java.util.Arrays;
import java.util.Scanner;

public class Drops {
    private static long count(long[] p, int from, int to, long d) {
        if (to - from < 2) {
            return 0;
        }
        int middle = (from + to) / 2, i = from;
        long total = count(p, from, middle, d) + count(p, middle, to, d);
        for (int j = middle; j < to; j++) {
            while (i < middle && p[i] - p[j] <= d) {
                i++;
            }
            total += middle - i;
        }
        Arrays.sort(p, from, to);
        return total;
    }

    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        for (int t = in.nextInt(); t > 0; t--) {
            long[] p = new long[in.nextInt()];
            long d = in.nextLong(), x = in.nextLong(), a = in.nextLong(), b = in.nextLong(), m = in.nextLong();
            for (int i = 0; i < p.length; i++) {
                p[i] = x % m;
                x = (a * x + b) % (1L << 31);
            }
            System.out.println(count(p, 0, p.length, d));
        }
    }
}
