public class Chatty {
    public static void main(String[] args) {
        System.out.println("Good morning! I say 50.");
        while (true) {
            System.out.println(50);
            if (System.out.checkError()) {
                return;
            }
        }
    }
}
