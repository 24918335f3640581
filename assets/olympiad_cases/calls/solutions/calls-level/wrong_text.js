class Solution {
  waterLevel(tanks, volume) {
    let low = -1000;
    let high = 1e9 + 2000;
    for (let i = 0; i < 100; i++) {
      const middle = (low + high) / 2;
      const held = tanks.reduce((sum, [f, a]) => sum + a * Math.max(0, middle - f), 0);
      if (held < volume) low = middle;
      else high = middle;
    }
    return high.toFixed(9);
  }
}
