import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.StringTokenizer;

/* Prints in scientific notation, which is a number too. */
public class Level {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        StringTokenizer line = new StringTokenizer(in.readLine());
        int n = Integer.parseInt(line.nextToken());
        double v = Double.parseDouble(line.nextToken());
        long[][] basins = new long[n][2];
        for (long[] basin : basins) {
            line = new StringTokenizer(in.readLine());
            basin[1] = Long.parseLong(line.nextToken());
            basin[0] = Long.parseLong(line.nextToken());
        }
        Arrays.sort(basins, (a, b) -> Long.compare(a[0], b[0]));
        double level = basins[0][0], area = 0;
        for (int i = 0; i < n; i++) {
            double room = area * (basins[i][0] - level);
            if (room >= v) {
                break;
            }
            v -= room;
            level = basins[i][0];
            area += basins[i][1];
        }
        System.out.println(String.format(java.util.Locale.ROOT, "%.12e", level + v / area));
    }
}
