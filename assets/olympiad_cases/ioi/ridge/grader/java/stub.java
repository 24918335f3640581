import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

public class stub {
    private static final BufferedReader in = new BufferedReader(new InputStreamReader(System.in));

    public static long height(int i) {
        System.out.print("? " + i + "\n");
        System.out.flush();
        try {
            String line = in.readLine();
            long h = line == null ? -1 : Long.parseLong(line.trim());
            if (h < 0) {
                System.exit(0);
            }
            return h;
        } catch (IOException e) {
            System.exit(0);
            return -1;
        }
    }

    public static void main(String[] args) throws IOException {
        int n = Integer.parseInt(in.readLine().trim());
        System.out.print("! " + new ridge().summit(n) + "\n");
        System.out.flush();
    }
}
