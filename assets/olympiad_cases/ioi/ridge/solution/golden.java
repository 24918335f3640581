/* Golden section with remembered heights; the last few places one by one. */
class ridge {
    private final java.util.HashMap<Integer, Long> known = new java.util.HashMap<>();

    private long at(int i) {
        return known.computeIfAbsent(i, stub::height);
    }

    int summit(int n) {
        int low = 0, high = n - 1;
        double ratio = (Math.sqrt(5) - 1) / 2;
        int left = (int) Math.round(high - ratio * (high - low));
        int right = (int) Math.round(low + ratio * (high - low));
        while (high - low > 4) {
            if (at(left) > at(right)) {
                high = right - 1;
                right = left;
                left = Math.min(right - 1, (int) Math.round(high - ratio * (high - low)));
            } else {
                low = left + 1;
                left = right;
                right = Math.max(left + 1, (int) Math.round(low + ratio * (high - low)));
            }
        }
        int best = low;
        for (int i = low; i <= high; i++) {
            if (at(i) > at(best)) {
                best = i;
            }
        }
        return best;
    }
}
