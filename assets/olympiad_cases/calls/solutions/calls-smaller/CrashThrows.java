class Solution {
    public int[] countSmaller(int[] values, int k) {
        int[] counts = new int[k < values.length ? values.length : k];
        counts[0] = 0;
        int[] shorter = new int[values.length];
        for (int i = 0; i <= values.length; i++)
            shorter[i] = counts[i];
        return shorter;
    }
}
