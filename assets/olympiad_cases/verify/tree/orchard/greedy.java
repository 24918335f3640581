/* Heaviest first. */
class orchard {
    long pick(int n, int k, int[] w) {
        Integer[] order = new Integer[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        java.util.Arrays.sort(order, (a, b) -> w[b] - w[a]);
        java.util.TreeSet<Integer> taken = new java.util.TreeSet<>();
        long sum = 0;
        for (int i : order) {
            Integer below = taken.floor(i), above = taken.ceiling(i);
            if ((below == null || i - below > k) && (above == null || above - i > k)) {
                taken.add(i);
                sum += w[i];
            }
        }
        return sum;
    }
}
