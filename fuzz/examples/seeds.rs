//! Writes the first inputs of all targets into a folder each: `cargo run --example seeds -- FOLDER`.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).ok_or_else(|| io::Error::other("where to? name a folder"))?;
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for (target, input) in northbound_fuzz::seeds::all_seeds() {
        let count = counts.entry(target).or_default();
        *count += 1;
        let folder = Path::new(&folder).join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("seed-{count:03}")), input)?;
    }
    Ok(())
}
