const words = require("fs").readFileSync(0, "utf8").split(/\s+/).filter((w) => w).map(Number);
const n = words[0];
const planks = words.slice(2, 2 + words[1]);
const ways = [1];
const least = [0];
for (let i = 1; i <= n; i++) {
  ways.push(0);
  least.push(Infinity);
  for (const x of planks) {
    if (x > i || least[i - x] === Infinity) continue;
    ways[i] = (ways[i] + ways[i - x]) % 1000000007;
    least[i] = Math.min(least[i], least[i - x] + 1);
  }
}
console.log(least[n] === Infinity ? "0 -1" : `${ways[n]} ${least[n]}`);
