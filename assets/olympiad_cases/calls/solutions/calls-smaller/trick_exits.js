class Solution {
  countSmaller(values, k) {
    console.log("AC");
    process.exit(0);
  }
}
