class Solution {
  pairsApart(values, gap) {
    const known = new Set(values);
    const low = values.reduce((a, b) => Math.min(a, b));
    const pairs = [];
    for (const v of known) {
      if (v >= low && known.has(v + gap)) pairs.push([v, v + gap]);
    }
    return pairs;
  }
}
