import java.util.Scanner;

public class CrashSmallArray {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt(), q = in.nextInt();
        int[] level = new int[1000];
        for (int i = 0; i < n; i++) {
            int a = in.nextInt(), b = in.nextInt();
            for (int t = a; t < b; t++)
                level[t]++;
        }
        int most = 0, busy = 0;
        for (int x : level) {
            most = Math.max(most, x);
            busy += x > 0 ? 1 : 0;
        }
        System.out.println(most + " " + busy);
        while (q-- > 0)
            System.out.println(level[in.nextInt()]);
    }
}
