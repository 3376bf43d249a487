//! The catalogue against the committed table of what the platform documents.

use northbound::catalogue::PLATFORMS;
use northbound::error::catalogue::lookup;
use northbound::huawei::errors::ERRORS;
use serde_json::Value;

use crate::support::is_row;

fn rows() -> Vec<Value> {
    let table = include_str!("../vectors/catalogue/huawei-errors.json");
    serde_json::from_str::<Vec<Value>>(table).unwrap()
}

#[test]
fn no_row_of_the_documented_errors_is_lost() {
    let rows = rows();
    assert_eq!(rows.len(), 87);
    assert_eq!(ERRORS.entries().count(), rows.len());
    for row in &rows {
        let found = ERRORS.entries().any(|entry| is_row(row, &entry));
        assert!(found, "{row}");
    }
}

#[test]
fn every_entry_says_what_it_means_and_what_to_do() {
    for entry in ERRORS.entries() {
        for text in [entry.texts.meaning, entry.texts.remedy] {
            assert!(text.ends_with('.') && text.len() > 10, "{} / {}", entry.status, entry.code);
        }
    }
}

#[test]
fn every_row_is_found_for_each_of_its_operations() {
    for row in rows() {
        let (status, code) = (row["status"].as_u64().unwrap(), row["code"].as_str().unwrap());
        for operation in row["operations"].as_array().unwrap() {
            let operation = operation.as_str().unwrap();
            let entry = lookup(&ERRORS, operation, status.try_into().unwrap(), code).unwrap();
            assert_eq!(entry.texts.meaning, row["meaning"], "{operation} {status} {code}");
        }
    }
}

#[test]
fn an_entrys_number_is_its_place_among_those_of_all_platforms() {
    let numbers: Vec<u32> = PLATFORMS
        .iter()
        .flat_map(|(_, entries)| entries.entries().map(|entry| entry.number))
        .collect();
    assert_eq!(numbers, (0..87 + 34).collect::<Vec<u32>>());
}
