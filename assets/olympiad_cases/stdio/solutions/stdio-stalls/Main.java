import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

public class Main {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        int n = Integer.parseInt(in.readLine().trim());
        int[][] r = new int[n][];
        for (int i = 0; i < n; i++) {
            String[] w = in.readLine().split(" ");
            r[i] = new int[] {Integer.parseInt(w[0]), Integer.parseInt(w[1]),
                              Integer.parseInt(w[2]), i + 1};
        }
        Arrays.sort(r, (x, y) -> Integer.compare(x[1], y[1]));
        int[] best = new int[n + 1];
        int[] before = new int[n + 1];
        for (int i = 1; i <= n; i++) {
            int low = 0, high = i - 1;
            while (low < high) {
                int middle = (low + high + 1) / 2;
                if (r[middle - 1][1] < r[i - 1][0])
                    low = middle;
                else
                    high = middle - 1;
            }
            boolean takes = best[low] + r[i - 1][2] >= best[i - 1];
            best[i] = takes ? best[low] + r[i - 1][2] : best[i - 1];
            before[i] = takes ? low : -1;
        }
        List<Integer> granted = new ArrayList<>();
        for (int i = n; i > 0;) {
            if (before[i] < 0) {
                i--;
            } else {
                granted.add(r[i - 1][3]);
                i = before[i];
            }
        }
        StringBuilder out = new StringBuilder().append(granted.size());
        for (int k : granted)
            out.append(' ').append(k);
        System.out.println(out);
    }
}
