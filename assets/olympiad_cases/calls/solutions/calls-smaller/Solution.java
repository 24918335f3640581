import java.util.Arrays;

class Solution {
    private int[] sums;

    private void add(int i, int more) {
        for (i++; i < sums.length; i += i & -i)
            sums[i] += more;
    }

    public int[] countSmaller(int[] values, int k) {
        int[] sorted = values.clone();
        Arrays.sort(sorted);
        int distinct = 0;
        for (int i = 0; i < sorted.length; i++)
            if (i == 0 || sorted[i] != sorted[i - 1])
                sorted[distinct++] = sorted[i];
        sums = new int[distinct + 1];
        int[] counts = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            int place = Arrays.binarySearch(sorted, 0, distinct, values[i]);
            for (int j = place; j > 0; j -= j & -j)
                counts[i] += sums[j];
            add(place, 1);
            if (i >= k)
                add(Arrays.binarySearch(sorted, 0, distinct, values[i - k]), -1);
        }
        return counts;
    }
}
