import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

public class stub {
    private static final BufferedReader in = new BufferedReader(new InputStreamReader(System.in));

    private static int next() {
        try {
            String line = in.readLine();
            int x = line == null ? -1 : Integer.parseInt(line.trim());
            if (x < 0) {
                System.exit(0);
            }
            return x;
        } catch (IOException e) {
            System.exit(0);
            return -1;
        }
    }

    public static void send(int x) {
        System.out.print("s " + x + "\n");
        System.out.flush();
    }

    public static int receive() {
        System.out.print("r\n");
        System.out.flush();
        return next();
    }

    public static void main(String[] args) {
        int[] w = new int[next()];
        for (int i = 0; i < w.length; i++) {
            w[i] = next();
        }
        System.out.print("a " + new banks().median(Integer.parseInt(args[0]), w) + "\n");
        System.out.flush();
    }
}
