public class DoesNotCompile {
    public static void main(String[] args) {
        String ways = 8;
        System.out.println(ways + " 3");
    }
}
