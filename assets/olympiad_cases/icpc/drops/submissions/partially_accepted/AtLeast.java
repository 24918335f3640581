/* Counts drops of at least d, which differs only where a drop is exactly d; gives up on long lists. */
import java.util.Scanner;

class AtLeast {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        for (int t = in.nextInt(); t > 0; t--) {
            int n = in.nextInt();
            long d = in.nextLong(), x = in.nextLong(), a = in.nextLong(), b = in.nextLong(), m = in.nextLong();
            if (n > 2000) {
                System.exit(7);
            }
            long[] p = new long[n];
            for (int i = 0; i < n; i++) {
                p[i] = x % m;
                x = (a * x + b) % (1L << 31);
            }
            long total = 0;
            for (int j = 0; j < n; j++) {
                for (int i = 0; i < j; i++) {
                    total += p[i] - p[j] >= d ? 1 : 0;
                }
            }
            System.out.println(total);
        }
    }
}
