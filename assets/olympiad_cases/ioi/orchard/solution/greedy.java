/* Heaviest first. */
class orchard {
    long pick(int n, int k, int[] w) {
        long[] order = new long[n];
        for (int i = 0; i < n; i++) {
            order[i] = (long) w[i] << 20 | i;
        }
        java.util.Arrays.sort(order);
        boolean[] blocked = new boolean[n];
        long sum = 0;
        for (int j = n - 1; j >= 0; j--) {
            int i = (int) (order[j] & (1 << 20) - 1);
            if (!blocked[i]) {
                sum += w[i];
                java.util.Arrays.fill(blocked, Math.max(0, i - k), Math.min(n, i + k + 1), true);
            }
        }
        return sum;
    }
}
