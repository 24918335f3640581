class Solution {
  waterLevel(tanks, volume) {
    const holds = (level) =>
      tanks.reduce((sum, [floor, area]) => sum + area * Math.max(0, level - floor), 0);
    let low = -1000;
    let high = 1e9 + 2000;
    for (let i = 0; i < 100; i++) {
      const middle = (low + high) / 2;
      if (holds(middle) < volume) low = middle;
      else high = middle;
    }
    return high;
  }
}
