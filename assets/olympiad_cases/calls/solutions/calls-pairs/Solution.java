import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

class Solution {
    public int[][] pairsApart(int[] values, int gap) {
        Set<Integer> known = new HashSet<>();
        for (int v : values)
            known.add(v);
        List<int[]> pairs = new ArrayList<>();
        for (int v : known)
            if (known.contains(v + gap))
                pairs.add(new int[] {v, v + gap});
        return pairs.toArray(new int[0][]);
    }
}
