import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StreamTokenizer;
import java.util.Map;
import java.util.TreeMap;

public class Main {
    public static void main(String[] args) throws IOException {
        StreamTokenizer in =
            new StreamTokenizer(new BufferedReader(new InputStreamReader(System.in)));
        in.nextToken();
        int n = (int) in.nval;
        in.nextToken();
        int q = (int) in.nval;
        TreeMap<Integer, Integer> level = new TreeMap<>();
        for (int i = 0; i < n; i++) {
            in.nextToken();
            level.merge((int) in.nval, 1, Integer::sum);
            in.nextToken();
            level.merge((int) in.nval, -1, Integer::sum);
        }
        int now = 0, most = 0, since = 0;
        long busy = 0;
        for (Map.Entry<Integer, Integer> e : level.entrySet()) {
            if (now > 0)
                busy += e.getKey() - since;
            now += e.getValue();
            e.setValue(now);
            most = Math.max(most, now);
            since = e.getKey();
        }
        PrintWriter out = new PrintWriter(System.out);
        out.println(most + " " + busy);
        for (int i = 0; i < q; i++) {
            in.nextToken();
            Map.Entry<Integer, Integer> e = level.floorEntry((int) in.nval);
            out.println(e == null ? 0 : e.getValue());
        }
        out.flush();
    }
}
