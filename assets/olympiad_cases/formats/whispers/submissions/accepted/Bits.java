import java.util.Scanner;

public class Bits {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int pass = in.nextInt();
        StringBuilder s = new StringBuilder(in.next()), out = new StringBuilder();
        if (pass == 3)
            s.reverse();
        if (pass == 1)
            for (int i = 0; i < s.length(); i++)
                for (int b = 4; b >= 0; b--)
                    out.append((s.charAt(i) - 'a') >> b & 1);
        else
            for (int i = 0; i < s.length(); i += 5)
                out.append((char) ('a' + Integer.parseInt(s.substring(i, i + 5), 2)));
        System.out.println(out);
    }
}
