/* Throws away a third for two calls. */
class ridge {
    int summit(int n) {
        int low = 0, high = n - 1;
        while (high - low > 2) {
            int third = (high - low) / 3;
            if (stub.height(low + third) < stub.height(high - third)) {
                low += third + 1;
            } else {
                high -= third;
            }
        }
        int best = low;
        for (int i = low + 1; i <= high; i++) {
            if (stub.height(i) > stub.height(best)) {
                best = i;
            }
        }
        return best;
    }
}
