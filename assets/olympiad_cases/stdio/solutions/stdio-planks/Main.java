import java.util.Arrays;
import java.util.Scanner;

public class Main {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        int k = in.nextInt();
        int[] plank = new int[k];
        for (int j = 0; j < k; j++)
            plank[j] = in.nextInt();
        long[] ways = new long[n + 1];
        int[] least = new int[n + 1];
        Arrays.fill(least, Integer.MAX_VALUE);
        ways[0] = 1;
        least[0] = 0;
        for (int i = 1; i <= n; i++) {
            for (int x : plank) {
                if (x > i || least[i - x] == Integer.MAX_VALUE)
                    continue;
                ways[i] = (ways[i] + ways[i - x]) % 1_000_000_007L;
                least[i] = Math.min(least[i], least[i - x] + 1);
            }
        }
        System.out.println(least[n] == Integer.MAX_VALUE ? "0 -1" : ways[n] + " " + least[n]);
    }
}
