import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Scanner;

public class PartShortestFirst {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        int[][] r = new int[n][];
        for (int i = 0; i < n; i++)
            r[i] = new int[] {in.nextInt(), in.nextInt(), in.nextInt(), i + 1};
        Arrays.sort(r, (x, y) -> Integer.compare(x[1] - x[0], y[1] - y[0]));
        List<int[]> granted = new ArrayList<>();
        StringBuilder numbers = new StringBuilder();
        for (int[] x : r) {
            boolean isFree = true;
            for (int[] g : granted)
                isFree = isFree && (x[1] < g[0] || g[1] < x[0]);
            if (isFree) {
                granted.add(x);
                numbers.append(" ").append(x[3]);
            }
        }
        System.out.println(granted.size() + numbers.toString());
    }
}
