class Solution {
  pairsApart(values, gap) {
    const known = new Set(values);
    const pairs = [];
    for (const v of known) {
      if (known.has(v + gap)) pairs.push([v, v + gap]);
      if (known.has(v - gap)) pairs.push([v, v - gap]);
    }
    return pairs;
  }
}
