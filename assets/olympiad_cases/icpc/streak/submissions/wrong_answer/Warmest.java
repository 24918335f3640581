/* The longest run of days that are warm each by itself. */
import java.util.Scanner;

public class Warmest {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        long k = in.nextLong(), x = in.nextLong(), a = in.nextLong(), b = in.nextLong(), m = in.nextLong();
        int best = 0, run = 0;
        for (int i = 0; i < n; i++) {
            run = x % m >= k ? run + 1 : 0;
            best = Math.max(best, run);
            x = (a * x + b) % (1L << 31);
        }
        System.out.println(best == 0 ? "cold" : "" + best);
    }
}
