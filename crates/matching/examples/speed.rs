//! How fast names are compared and found: `cargo run --release -p matching --example speed -- NAMES.txt OTHERS.txt`.
//!
//! Every name of the one file against every name of the other, and single names against an index of a million that is
//! made of their parts. Prints one line of JSON; nothing here is part of the crate.

use std::io::Write;
use std::time::{Duration, Instant};

use matching::link::Index;
use matching::record::{Fields, Record};
use matching::{Name, key, points};

/// Names in the large index.
const MANY: usize = 1_000_000;

#[expect(clippy::disallowed_methods, reason = "it measures time")]
fn now() -> Instant {
    Instant::now()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files = std::env::args().skip(1);
    let mut read = || -> Result<Vec<String>, Box<dyn std::error::Error>> {
        let path = files.next().ok_or("two files of names, one name a line")?;
        Ok(std::fs::read_to_string(path)?.lines().map(str::to_owned).collect())
    };
    let (left, right) = (read()?, read()?);
    let apart = now();
    let (a, b): (Vec<Name>, Vec<Name>) = (
        left.iter().take(1_000).map(|n| Name::new(n)).collect(),
        right.iter().take(1_000).map(|n| Name::new(n)).collect(),
    );
    let apart = apart.elapsed();
    let mut rates = Vec::new();
    let mut sum = 0u64;
    for _ in 0..3 {
        let start = now();
        for x in &a {
            sum += b.iter().map(|y| u64::from(points(x, y))).sum::<u64>();
        }
        rates.push(rate(a.len() * b.len(), start.elapsed()));
    }
    rates.sort_unstable();
    // Given names and surnames put together anew: a million people with the spread of the real ones.
    let people = (0..MANY).map(|n| {
        let (x, y) = (&left[n * 7 % left.len()], &left[n * 13 / left.len() % left.len()]);
        let name: String = x.chars().take(1).chain(y.chars().skip(1)).collect();
        Record::read(&Fields { name: &name, ..Fields::default() })
    });
    let start = now();
    let index = Index::new(people.collect());
    let built = start.elapsed();
    let mut asked: Vec<Duration> = Vec::new();
    for name in right.iter().take(1_000) {
        let record = Record::read(&Fields { name, ..Fields::default() });
        let start = now();
        sum += u64::try_from(index.ask(&record, None).len())?;
        asked.push(start.elapsed());
    }
    asked.sort_unstable();
    let keys: usize = right.iter().take(1_000).map(|n| key::folded(&Name::new(n)).len()).sum();
    writeln!(
        std::io::stdout(),
        "{{\"compared_per_second\": {}, \"prepared_per_second\": {}, \"index_seconds\": {:.1}, \"ask_p50_ms\": {:.3}, \
         \"ask_p99_ms\": {:.3}, \"keys_per_latin_name\": {:.1}, \"sum\": {sum}}}",
        rates[1],
        rate(a.len() + b.len(), apart),
        built.as_secs_f64(),
        millis(asked[asked.len() / 2]),
        millis(asked[asked.len() * 99 / 100]),
        f64::from(u32::try_from(keys)?) / 1_000.0
    )?;
    Ok(())
}

fn rate(count: usize, took: Duration) -> u64 {
    u64::try_from(u128::try_from(count).unwrap_or(0) * 1_000_000_000 / took.as_nanos().max(1)).unwrap_or(0)
}

fn millis(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}
