import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.StringTokenizer;

public class grader {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        StringTokenizer first = new StringTokenizer(in.readLine());
        int n = Integer.parseInt(first.nextToken());
        int k = Integer.parseInt(first.nextToken());
        String kind = in.readLine().trim();
        StringTokenizer rest = new StringTokenizer(in.readLine());
        int[] w = new int[n];
        if (kind.equals("seed")) {
            long x = Long.parseLong(rest.nextToken());
            long m = Long.parseLong(rest.nextToken());
            for (int i = 0; i < n; i++) {
                w[i] = (int) (1 + x % m);
                x = (x * 1103515245L + 12345L) % 2147483648L;
            }
        } else {
            for (int i = 0; i < n; i++) {
                w[i] = Integer.parseInt(rest.nextToken());
            }
        }
        System.out.println(new orchard().pick(n, k, w));
    }
}
