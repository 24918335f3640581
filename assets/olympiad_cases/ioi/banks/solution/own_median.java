/* Believes that both banks look alike. */
class banks {
    int median(int who, int[] w) {
        java.util.Arrays.sort(w);
        return w[w.length - 1] + who;
    }
}
