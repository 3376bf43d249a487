//! The catalogue against the committed table of what the platform documents.

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
    assert_eq!(ERRORS.len(), rows.len());
    for row in &rows {
        let found = ERRORS.iter().any(|entry| is_row(row, entry));
        assert!(found, "{row}");
    }
}

#[test]
fn every_entry_says_what_it_means_and_what_to_do() {
    for entry in ERRORS {
        for text in [entry.meaning, entry.remedy] {
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
            let entry = lookup(ERRORS, operation, status.try_into().unwrap(), code).unwrap();
            assert_eq!(entry.meaning, row["meaning"], "{operation} {status} {code}");
        }
    }
}
