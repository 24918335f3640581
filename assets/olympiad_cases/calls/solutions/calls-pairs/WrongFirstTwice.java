import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

class Solution {
    public int[][] pairsApart(int[] values, int gap) {
        TreeSet<Integer> known = new TreeSet<>();
        for (int v : values)
            known.add(v);
        List<int[]> pairs = new ArrayList<>();
        for (int v : known)
            if (known.contains(v + gap))
                pairs.add(new int[] {v, v + gap});
        if (pairs.size() > 1)
            pairs.set(1, pairs.get(0));
        return pairs.toArray(new int[0][]);
    }
}
