class Solution {
    public int[] countSmaller(int[] values, int k) {
        int[] counts = new int[values.length];
        for (int i = 0; i < values.length; i++)
            for (int j = Math.max(0, i - k); j < i; j++)
                counts[i] += values[j] < values[i] ? 1 : 0;
        long round = 0;
        while (values.length == 0)
            round++;
        return counts;
    }
}
