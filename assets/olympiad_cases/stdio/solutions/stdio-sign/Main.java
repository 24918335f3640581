import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

public class Main {
    public static void main(String[] args) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        String[] first = in.readLine().split(" ");
        int width = Integer.parseInt(first[0]);
        String border = "+" + "-".repeat(width + 2) + "+";
        System.out.println(border);
        for (int i = Integer.parseInt(first[1]); i > 0; i--) {
            String row = in.readLine();
            int left = (width - row.length()) / 2;
            int right = width - row.length() - left;
            System.out.println("| " + " ".repeat(left) + row + " ".repeat(right) + " |");
        }
        System.out.println(border);
    }
}
