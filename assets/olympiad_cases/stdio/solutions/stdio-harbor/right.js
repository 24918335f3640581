const words = require("fs").readFileSync("/dev/stdin", "utf8").split(/\s+/).map(Number);
const [n, q] = words;
const come = [];
const go = [];
for (let i = 0; i < n; i++) {
  come.push(words[2 + 2 * i]);
  go.push(words[3 + 2 * i]);
}
come.sort((a, b) => a - b);
go.sort((a, b) => a - b);
const upTo = (list, t) => {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] <= t) low = middle + 1;
    else high = middle;
  }
  return low;
};
let most = 0;
let busy = 0;
for (let i = 0; i < n; i++) {
  most = Math.max(most, i + 1 - upTo(go, come[i]));
  busy += go[i] - come[i]; // the sum over sorted ends is that over boats; overlaps go below
  if (i > 0 && come[i] < go[i - 1]) busy -= go[i - 1] - come[i];
}
const out = [`${most} ${busy}`];
for (let i = 0; i < q; i++) {
  const t = words[2 + 2 * n + i];
  out.push(upTo(come, t) - upTo(go, t));
}
console.log(out.join("\n"));
