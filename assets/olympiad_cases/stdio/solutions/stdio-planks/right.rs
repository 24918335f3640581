use std::io::Read;

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let words: Vec<usize> = text.split_whitespace().map(|w| w.parse().unwrap()).collect();
    let n = words[0];
    let mut ways = vec![0u64; n + 1];
    let mut least: Vec<Option<u32>> = vec![None; n + 1];
    ways[0] = 1;
    least[0] = Some(0);
    for i in 1..=n {
        for &x in &words[2..] {
            if x > i {
                continue;
            }
            if let Some(before) = least[i - x] {
                ways[i] = (ways[i] + ways[i - x]) % 1_000_000_007;
                least[i] = Some(least[i].map_or(before + 1, |l| l.min(before + 1)));
            }
        }
    }
    match least[n] {
        Some(l) => println!("{} {}", ways[n], l),
        None => println!("0 -1"),
    }
}
