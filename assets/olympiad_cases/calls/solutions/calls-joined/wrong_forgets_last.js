class Solution {
  joinLines(lines, mark) {
    const whole = [];
    let open = "";
    for (const line of lines) {
      if (line.endsWith(mark)) {
        open += line.slice(0, -mark.length);
      } else {
        whole.push(open + line);
        open = "";
      }
    }
    return whole;
  }
}
