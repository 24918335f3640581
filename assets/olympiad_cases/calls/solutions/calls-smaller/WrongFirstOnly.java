class Solution {
    public int[] countSmaller(int[] values, int k) {
        int[] counts = new int[values.length];
        for (int i = 1; i < values.length; i++)
            counts[i] = values[i - 1] < values[i] ? 1 : 0;
        return counts;
    }
}
