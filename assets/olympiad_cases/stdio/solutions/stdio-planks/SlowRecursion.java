import java.util.Scanner;

public class SlowRecursion {
    static int[] plank;
    static long ways;
    static int least = Integer.MAX_VALUE;

    static void build(int left, int used) {
        if (left == 0) {
            ways = (ways + 1) % 1000000007;
            least = Math.min(least, used);
        }
        for (int x : plank)
            if (x <= left)
                build(left - x, used + 1);
    }

    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        plank = new int[in.nextInt()];
        for (int j = 0; j < plank.length; j++)
            plank[j] = in.nextInt();
        build(n, 0);
        System.out.println(ways + " " + (ways > 0 ? least : -1));
    }
}
