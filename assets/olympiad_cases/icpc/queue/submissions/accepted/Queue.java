import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;

public class Queue {
    private static boolean calm(List<Integer> queue) {
        for (int i = 1; i < queue.size(); i++) {
            if (Math.abs(queue.get(i) - queue.get(i - 1)) == 1) {
                return false;
            }
        }
        return true;
    }

    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt(), s = in.nextInt();
        for (int way = 0; way < 8; way++) {
            List<Integer> queue = new ArrayList<>();
            queue.add(s);
            for (int half = 0; half < 2; half++) {
                for (int i = 1; i <= n; i++) {
                    int x = (way & 1 << half) == 0 ? i : n + 1 - i;
                    if (x != s && x % 2 == (half + way / 4) % 2) {
                        queue.add(x);
                    }
                }
            }
            if (calm(queue)) {
                StringBuilder text = new StringBuilder();
                for (int x : queue) {
                    text.append(x).append(' ');
                }
                System.out.println(text);
                return;
            }
        }
        System.out.println("impossible");
    }
}
