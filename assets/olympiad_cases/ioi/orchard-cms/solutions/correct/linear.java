class orchard {
    long pick(int n, int k, int[] w) {
        long[] best = new long[n + 1];
        for (int i = n - 1; i >= 0; i--) {
            int next = Math.min(n, i + k + 1);
            best[i] = Math.max(best[i + 1], best[next] + w[i]);
        }
        return best[0];
    }
}
