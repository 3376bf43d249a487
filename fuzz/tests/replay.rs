//! Every input that is kept, without libFuzzer: the seeds, the corpus, and what was ever found.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use northbound_fuzz::{TARGETS, Target};

fn files(folder: &str, target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(target);
    let Ok(entries) = fs::read_dir(&folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn replay((name, run): Target, input: &[u8], what: &str) {
    let outcome = catch_unwind(AssertUnwindSafe(|| run(input)));
    assert!(outcome.is_ok(), "{name} breaks a promise: {what}");
}

#[test]
fn the_corpus_breaks_no_promise() {
    for target in TARGETS {
        let files = files("corpus", target.0);
        assert!(!files.is_empty(), "{} has no corpus: run scripts/fuzz --minimise", target.0);
        for file in files {
            replay(target, &fs::read(&file).unwrap(), &file.display().to_string());
        }
    }
}

#[test]
fn what_was_found_once_is_mended() {
    for target in TARGETS {
        for file in files("regressions", target.0) {
            replay(target, &fs::read(&file).unwrap(), &file.display().to_string());
        }
    }
}

#[test]
fn the_seeds_break_no_promise() {
    let mut count = 0;
    for (name, input) in northbound_fuzz::seeds::all_seeds() {
        let target = TARGETS.into_iter().find(|(target, _)| *target == name).unwrap();
        replay(target, &input, &String::from_utf8_lossy(&input));
        count += 1;
    }
    assert!(count > 150, "only {count} seeds");
}
