import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

public class Well {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        int depth = 0, n = Integer.parseInt(in.readLine().trim());
        for (int bit = 1 << 29; bit > 0; bit /= 2) {
            if (depth + bit > n) {
                continue;
            }
            System.out.println(depth + bit);
            String word = in.readLine();
            if (word.equals("splash")) {
                return;
            }
            if (word.equals("dry")) {
                depth += bit;
            }
        }
    }
}
