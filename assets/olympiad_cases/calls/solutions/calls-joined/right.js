class Solution {
  joinLines(lines, mark) {
    const whole = [];
    let goesOn = false;
    for (const line of lines) {
      if (!goesOn) whole.push("");
      goesOn = line.endsWith(mark);
      whole[whole.length - 1] += goesOn ? line.slice(0, -mark.length) : line;
    }
    return whole;
  }
}
