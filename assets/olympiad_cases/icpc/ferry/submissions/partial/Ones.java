/* Pays in cents. */
import java.util.Scanner;

public class Ones {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        int m = in.nextInt();
        System.out.println(in.nextInt() + " 0".repeat(m - 1));
    }
}
