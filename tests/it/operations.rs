//! Every operation against its vectors: what is asked, what is sent, what is answered.

use std::fs;
use std::path::{Path, PathBuf};

use northbound::error::Error;
use northbound::huawei::authentication::{ANSWER, AuthOutDto, GetAuthToken, RefreshAuthToken};
use northbound::huawei::registration::{CHAPTER, REFRESH_DEVICE_KEY};
use northbound::huawei::{ClientInfo, decode};
use northbound::operation::Answer;
use northbound::request::Request;
use northbound::types::Secret;
use serde_json::Value;

use crate::support::{answer, application, fields, text};

/// What an operation makes of one vector: its request, and how the answer is read.
type Made = (Request, Answer);

#[test]
fn every_operation_of_every_chapter_has_vectors_and_stands_by_them() {
    let mut cases = 0;
    for name in CHAPTER.iter().map(|card| card.endpoint.operation) {
        cases += replay(name, |vector| {
            let card = CHAPTER.iter().find(|card| card.endpoint.operation == name).unwrap();
            let mut input = fields(&vector["input"].to_string());
            let mut draft = card.draft(&mut input).unwrap();
            input.close().unwrap();
            draft.query("appId", vector["appId"].as_str());
            let token = Secret::new("at-1".to_owned());
            (application().request(&draft, Some(&token)), card.answer)
        });
    }
    assert!(cases >= 2 * CHAPTER.len(), "only {cases} vectors");
}

#[test]
fn login_and_renewal_stand_by_their_vectors() {
    replay("getAuthToken", |vector| {
        let application = application_with(vector);
        let request = application.request(&GetAuthToken::new(&application).draft(), None);
        (request, ANSWER)
    });
    replay("refreshAuthToken", |vector| {
        let application = application_with(vector);
        let mut input = fields(&vector["input"].to_string());
        let renewal = RefreshAuthToken::read(&application, &mut input).unwrap();
        (application.request(&renewal.draft(), None), ANSWER)
    });
}

fn application_with(vector: &Value) -> ClientInfo {
    let mut application = application();
    if let Some(secret) = vector["secret"].as_str() {
        application.secret = Secret::new(secret.to_owned());
    }
    application
}

fn replay(operation: &str, make: impl Fn(&Value) -> Made) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(operation);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{operation} has no vectors: {error}"))
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let mut refused = 0;
    for file in &files {
        let vector: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
        let (request, how) = make(&vector);
        assert_request(&request, &vector["request"], file);
        let response = &vector["response"];
        let status = response["status"].as_u64().unwrap().try_into().unwrap();
        let response = answer(status, response["body"].as_str().unwrap());
        let result = decode(operation, response, &request.secrets, &how);
        match (&vector["output"], &vector["error"]) {
            (Value::Null, Value::Null) => panic!("{}: neither output nor error", file.display()),
            (output, Value::Null) => {
                let json: Value = serde_json::from_str(&text(&result.unwrap())).unwrap();
                assert_eq!(json, output["result"], "{}", file.display());
            }
            (_, expected) => {
                refused += 1;
                assert_error(&result.unwrap_err(), expected, file);
            }
        }
    }
    assert!(refused > 0 && refused < files.len(), "{operation} needs a success and an error");
    files.len()
}

#[track_caller]
fn assert_request(request: &Request, expected: &Value, file: &Path) {
    let name = file.display();
    assert_eq!(request.method.as_str(), expected["method"], "{name}");
    assert_eq!(request.url, expected["url"], "{name}");
    assert_eq!(request.body.as_deref(), expected["body"].as_str(), "{name}");
    let headers: serde_json::Map<String, Value> = request
        .headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())))
        .collect();
    assert_eq!(Value::Object(headers), expected["headers"], "{name}");
}

#[track_caller]
fn assert_error(error: &Error, expected: &Value, file: &Path) {
    let name = file.display();
    assert_eq!(error.kind(), expected["kind"], "{name}");
    if let Error::Platform(refusal) = error {
        assert_eq!(refusal.code, expected["code"], "{name}");
        assert_eq!(refusal.description, expected["description"], "{name}");
        assert_eq!(refusal.action().as_str(), expected["action"], "{name}");
    }
}

#[test]
fn a_secret_that_comes_back_as_a_number_is_not_told() {
    let secrets = ["3000000000", "is"].map(|secret| Secret::new(secret.to_owned()));
    let response = answer(200, r#"{"verifyCode":"v","timeout":3000000000}"#);
    let result = decode("refreshDeviceKey", response, &secrets, &REFRESH_DEVICE_KEY.answer);
    let Err(Error::Decode(unreadable)) = result else { panic!("{result:?}") };
    let expected = "`timeout` is •••, expected an integer of 0 to 2147483647";
    assert_eq!(unreadable.problem, expected);
    assert!(!unreadable.excerpt.contains("3000000000"), "{}", unreadable.excerpt);
}

#[test]
fn an_answer_is_read_whatever_its_token_type_looks_like() {
    let body = r#"{"accessToken":"a","tokenType":"Bearer ","refreshToken":null,"expiresIn":1,"scope":"x"}"#;
    let pair = decode("getAuthToken", answer(200, body), &[], &ANSWER).unwrap();
    let pair = AuthOutDto::of(pair).unwrap();
    assert_eq!((pair.token_type.as_str(), pair.refresh_token.reveal()), ("bearer", ""));
}
