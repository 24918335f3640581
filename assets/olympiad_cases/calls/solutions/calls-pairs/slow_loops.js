class Solution {
  pairsApart(values, gap) {
    const known = new Set(values);
    const pairs = [];
    for (let v = -2000000000; v <= 2000000000; v++) {
      if (known.has(v) && known.has(v + gap)) pairs.push([v, v + gap]);
    }
    return pairs;
  }
}
