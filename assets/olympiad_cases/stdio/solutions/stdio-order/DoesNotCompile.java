import java.util.List;

public class DoesNotCompile {
    public static void main(String[] args) {
        List<Integer> order = new ArrayList<>();
        System.out.println("order " + order);
    }
}
