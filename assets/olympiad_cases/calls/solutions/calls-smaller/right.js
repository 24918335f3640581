class Solution {
  countSmaller(values, k) {
    const sorted = [...new Set(values)].sort((a, b) => a - b);
    const rank = new Map(sorted.map((v, i) => [v, i + 1]));
    const sums = new Int32Array(sorted.length + 1);
    const add = (i, more) => {
      for (; i < sums.length; i += i & -i) sums[i] += more;
    };
    return values.map((v, i) => {
      let total = 0;
      for (let j = rank.get(v) - 1; j > 0; j -= j & -j) total += sums[j];
      add(rank.get(v), 1);
      if (i >= k) add(rank.get(values[i - k]), -1);
      return total;
    });
  }
}
