import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Scanner;

/* Breadth first from the fare down to nothing. */
public class Breadth {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int m = in.nextInt(), t = in.nextInt();
        int[] coins = new int[m], by = new int[t + 1];
        for (int i = 0; i < m; i++) {
            coins[i] = in.nextInt();
        }
        Arrays.fill(by, -1);
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        queue.add(t);
        while (by[0] < 0) {
            int s = queue.remove();
            for (int i = 0; i < m; i++) {
                int next = s - coins[i];
                if (next >= 0 && next < t && by[next] < 0) {
                    by[next] = i;
                    queue.add(next);
                }
            }
        }
        int[] counts = new int[m];
        for (int s = 0; s < t; s += coins[by[s]]) {
            counts[by[s]]++;
        }
        StringBuilder text = new StringBuilder();
        for (int c : counts) {
            text.append(c).append(' ');
        }
        System.out.println(text);
    }
}
