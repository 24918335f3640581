import java.io.IOException;
import java.io.StreamTokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

public class Main {
    static StreamTokenizer in =
        new StreamTokenizer(new java.io.BufferedReader(new java.io.InputStreamReader(System.in)));

    static int next() throws IOException {
        in.nextToken();
        return (int) in.nval;
    }

    public static void main(String[] args) throws IOException {
        int n = next(), m = next();
        List<List<Integer>> neededBy = new ArrayList<>(), needs = new ArrayList<>();
        int[] open = new int[n + 1];
        for (int t = 0; t <= n; t++) {
            neededBy.add(new ArrayList<>());
            needs.add(new ArrayList<>());
        }
        for (int i = 0; i < m; i++) {
            int a = next(), b = next();
            neededBy.get(b).add(a);
            needs.get(a).add(b);
            open[a]++;
        }
        PriorityQueue<Integer> free = new PriorityQueue<>((x, y) -> y - x);
        for (int t = 1; t <= n; t++)
            if (open[t] == 0)
                free.add(t);
        StringBuilder order = new StringBuilder("order\n");
        int count = 0;
        while (!free.isEmpty()) {
            int t = free.poll();
            count++;
            order.append(t).append(' ');
            for (int u : neededBy.get(t))
                if (--open[u] == 0)
                    free.add(u);
        }
        if (count == n) {
            System.out.println(order);
            return;
        }
        List<Integer> walk = new ArrayList<>();
        int t = n;
        while (open[t] == 0)
            t--;
        while (!walk.contains(t)) {
            walk.add(t);
            for (int u : needs.get(t)) {
                if (open[u] > 0) {
                    t = u;
                    break;
                }
            }
        }
        List<Integer> circle = walk.subList(walk.indexOf(t), walk.size());
        System.out.println("stuck");
        System.out.println(circle.size());
        for (int u : circle)
            System.out.println(u);
    }
}
