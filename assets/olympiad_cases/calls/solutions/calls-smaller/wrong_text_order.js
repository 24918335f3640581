class Solution {
  countSmaller(values, k) {
    return values.map((v, i) => {
      const window = [...values.slice(Math.max(0, i - k), i), v].sort();
      return window.indexOf(v);
    });
  }
}
