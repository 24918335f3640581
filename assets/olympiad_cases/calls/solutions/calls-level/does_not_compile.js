class Solution {
  waterLevel(tanks, volume) {
    return tanks[0][0] + volume / (tanks[0][1];
  }
}
