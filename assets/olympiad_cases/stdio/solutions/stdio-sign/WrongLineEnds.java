import java.util.Scanner;

public class WrongLineEnds {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int width = in.nextInt();
        int count = in.nextInt();
        in.nextLine();
        String border = "+" + "-".repeat(width + 2) + "+\r\n";
        StringBuilder out = new StringBuilder(border);
        for (int i = 0; i < count; i++) {
            String row = in.nextLine();
            int left = (width - row.length()) / 2;
            out.append("| ").append(" ".repeat(left)).append(row);
            out.append(" ".repeat(width - row.length() - left)).append(" |\r\n");
        }
        System.out.print(out.append(border));
    }
}
