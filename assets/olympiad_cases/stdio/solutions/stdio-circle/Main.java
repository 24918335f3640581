import java.util.Scanner;

public class Main {
    static double[] through(double[] p, double[] q) {
        return new double[] {(p[0] + q[0]) / 2, (p[1] + q[1]) / 2,
                             Math.hypot(p[0] - q[0], p[1] - q[1]) / 2};
    }

    static double[] around(double[] p, double[] q, double[] r) {
        double ax = q[0] - p[0], ay = q[1] - p[1], bx = r[0] - p[0], by = r[1] - p[1];
        double d = 2 * (ax * by - ay * bx);
        if (d == 0) {
            double[] a = through(p, q), b = through(p, r), c = through(q, r);
            double[] most = a[2] > b[2] ? a : b;
            return most[2] > c[2] ? most : c;
        }
        double x = (by * (ax * ax + ay * ay) - ay * (bx * bx + by * by)) / d;
        double y = (ax * (bx * bx + by * by) - bx * (ax * ax + ay * ay)) / d;
        return new double[] {p[0] + x, p[1] + y, Math.hypot(x, y)};
    }

    static boolean holds(double[] c, double[] p) {
        return Math.hypot(c[0] - p[0], c[1] - p[1]) <= c[2] * (1 + 1e-12) + 1e-9;
    }

    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int n = in.nextInt();
        double[][] p = new double[n][2];
        for (double[] q : p) {
            q[0] = in.nextInt();
            q[1] = in.nextInt();
        }
        double[] c = {p[0][0], p[0][1], 0};
        for (int i = 0; i < n; i++) {
            if (holds(c, p[i]))
                continue;
            c = new double[] {p[i][0], p[i][1], 0};
            for (int j = 0; j < i; j++) {
                if (holds(c, p[j]))
                    continue;
                c = through(p[i], p[j]);
                for (int k = 0; k < j; k++)
                    if (!holds(c, p[k]))
                        c = around(p[i], p[j], p[k]);
            }
        }
        System.out.println(c[0] + " " + c[1] + " " + c[2]);
    }
}
