import java.io.BufferedReader;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.IOException;
import java.io.InputStreamReader;

public class grader {
    private static void send(FileWriter out) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        String[] first = in.readLine().trim().split(" ");
        String steps = in.readLine().trim();
        int[] h = new int[Integer.parseInt(first[0])];
        h[0] = Integer.parseInt(first[1]);
        for (int i = 1; i < h.length; i++) {
            char c = steps.charAt(i - 1);
            h[i] = h[i - 1] + (c == 'U' ? 1 : c == 'D' ? -1 : 0);
        }
        String bits = new postcard().encode(h);
        boolean isBad = bits.length() > 100000 || !bits.matches("[01]*");
        out.write(h.length + " " + (isBad ? "bad" : "b" + bits) + "\n");
    }

    private static void receive(BufferedReader in) throws IOException {
        String line = in.readLine();
        String[] words = line == null ? new String[] {"0", "bad"} : line.trim().split(" ");
        if (words[1].equals("bad")) {
            System.out.println("no message");
            return;
        }
        int n = Integer.parseInt(words[0]);
        String bits = words[1].substring(1);
        int[] h = new postcard().decode(n, bits);
        if (h.length != n) {
            System.out.println(h.length + " places");
            return;
        }
        StringBuilder steps = new StringBuilder();
        for (int i = 1; i < n; i++) {
            int step = h[i] - h[i - 1];
            steps.append(step == 0 ? '=' : step == 1 ? 'U' : step == -1 ? 'D' : '?');
        }
        System.out.print(bits.length() + "\n" + n + " " + h[0] + "\n" + steps + "\n");
    }

    public static void main(String[] args) throws IOException {
        if (args[0].equals("0")) {
            try (FileWriter out = new FileWriter(args[1])) {
                send(out);
            }
        } else {
            try (BufferedReader in = new BufferedReader(new FileReader(args[1]))) {
                receive(in);
            }
        }
    }
}
