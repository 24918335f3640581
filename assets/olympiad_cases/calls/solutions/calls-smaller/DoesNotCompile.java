class Solution {
    public int[] countSmaller(int[] values, int k) {
        return new ArrayList<Integer>();
    }
}
