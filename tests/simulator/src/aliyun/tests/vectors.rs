//! Requests that the vendor's own client has sent, and what became of them with one byte changed.

use std::sync::LazyLock;

use super::*;
use crate::aliyun::mqtt_login::{Denied, may_connect};
use crate::aliyun::parameters::Parameters;
use crate::aliyun::signature::{Authorization, verify_v1, verify_v3};

const V3: &str = include_str!("../../../../vectors/aliyun/acs3-onsmqtt-node.json");
const V1: &str = include_str!("../../../../vectors/aliyun/rpc-v1-onsmqtt-node.json");
const PUBLISHED: &str = include_str!("../../../../vectors/aliyun/published-doc-vectors.json");
const CONNECT: &str = include_str!("../../../../vectors/aliyun/mqtt-connect.json");

fn vectors(text: &str) -> Vec<Value> {
    serde_json::from_str(text).expect("vectors")
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

fn request_of(vector: &Value) -> Request {
    let target = text(&vector["request"]["target"]);
    let (path, query) = target.split_once('?').expect("query");
    let headers = vector["request"]["headers"].as_array().expect("headers");
    Request {
        method: text(&vector["request"]["method"]),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: headers.iter().map(|h| (text(&h[0]).to_lowercase(), text(&h[1]))).collect(),
        ..Request::default()
    }
}

/// The code of an answer of a fresh platform at the date of the vectors.
fn outcome(request: &Request) -> String {
    // Reading the command line takes longer than all the rest.
    static OPTIONS: LazyLock<Options> = LazyLock::new(|| {
        Options::try_parse_from(["simulator", "--default-format", "json"]).expect("flags")
    });
    let accounts = OPTIONS.accounts().expect("keys");
    let mut state = State::new(OPTIONS.aliyun.clone(), accounts, FROZEN, 1);
    let answer = handle(&mut state, FROZEN, request);
    if answer.status == 200 { "200".to_owned() } else { code(&body(&answer)) }
}

#[test]
fn all_captured_requests_are_accepted() {
    for vector in vectors(V3).iter().chain(&vectors(V1)) {
        let outcome = outcome(&request_of(vector));
        // Get, refresh and unregister meet a platform without devices.
        assert!(["200", "DeviceCredentialNotFound"].contains(&&*outcome), "{outcome}: {vector}");
    }
}

/// Another byte of the same kind, so that the text keeps its form.
fn other(byte: char) -> char {
    match byte {
        '0'..='8' | 'a'..='y' | 'A'..='Y' => char::from_u32(u32::from(byte) + 1).expect("char"),
        '9' => '0',
        'z' => 'a',
        'Z' => 'A',
        _ => 'x',
    }
}

fn with_one_changed(text: &str) -> impl Iterator<Item = String> {
    text.char_indices().map(move |(place, byte)| {
        let mut changed = text.to_owned();
        changed.replace_range(place..place + byte.len_utf8(), &other(byte).to_string());
        changed
    })
}

#[test]
fn one_changed_byte_of_a_signed_part_is_noticed() {
    for vector in vectors(V3) {
        let good = request_of(&vector);
        let signed: Vec<String> = good
            .headers
            .keys()
            .filter(|n| n.starts_with("x-acs-") || *n == "host")
            .cloned()
            .collect();
        let refused = |request: &Request, what: &str| {
            let outcome = outcome(request);
            assert!(outcome != "200" && outcome != "DeviceCredentialNotFound", "{what}: {outcome}");
        };
        for name in signed.iter().map(String::as_str).chain(["authorization"]) {
            for value in with_one_changed(&good.headers[name]) {
                let mut request = good.clone();
                request.headers.insert(name.to_owned(), value.clone());
                refused(&request, &format!("{name}: {value}"));
            }
        }
        for query in with_one_changed(&good.query) {
            refused(&Request { query: query.clone(), ..good.clone() }, &query);
        }
        refused(&Request { body: b"x".to_vec(), ..good.clone() }, "body");
        refused(&Request { method: "GET".to_owned(), ..good.clone() }, "method");
        let mut more = good.clone();
        more.headers.insert("x-acs-more".to_owned(), "1".to_owned());
        refused(&more, "a header that is not signed");
    }
    for vector in vectors(V1) {
        let good = request_of(&vector);
        for query in with_one_changed(&good.query) {
            let outcome = outcome(&Request { query: query.clone(), ..good.clone() });
            assert!(outcome != "200" && outcome != "DeviceCredentialNotFound", "{query}");
        }
        assert_ne!(outcome(&Request { method: "GET".to_owned(), ..good }), "200");
    }
}

#[test]
fn a_mismatch_shows_what_the_server_has_signed() {
    let own = |list: &str, index: usize| {
        let vector = vectors(list)[index].clone();
        let mut request = request_of(&vector);
        let changed = |text: &String| text.replace("Signature=", "Signature=x");
        match request.headers.get_mut("authorization") {
            Some(header) => *header = changed(header),
            None => request.query = changed(&request.query),
        }
        let mut bench = Bench::new(&["--default-format", "json", "--mismatch-status", "403"]);
        let answer = bench.answer(&request);
        assert_eq!((answer.status, &*code(&body(&answer))), (403, "SignatureDoesNotMatch"));
        (text(&body(&answer)["Message"]), vector["sdkIntermediates"].clone())
    };
    for index in 0..6 {
        let (message, inner) = own(V3, index);
        let parts = [text(&inner["stringToSign"]), text(&inner["canonicalRequest"])];
        assert!(parts.iter().all(|part| message.contains(&format!("[{part}]"))), "{message}");
        let (message, inner) = own(V1, index);
        assert!(message.ends_with(&format!("is:{}", text(&inner["stringToSign"]))), "{message}");
    }
}

#[test]
fn the_published_examples_are_verified() {
    let published: Value = serde_json::from_str(PUBLISHED).expect("JSON");
    let v3 = &published["v3RunInstances"];
    let pairs = |value: &Value| -> Vec<(String, String)> {
        value.as_object().expect("object").iter().map(|(n, v)| (n.clone(), text(v))).collect()
    };
    let mut headers: std::collections::BTreeMap<_, _> =
        pairs(&v3["input"]["headers"]).into_iter().collect();
    headers.insert("authorization".to_owned(), text(&v3["authorization"]));
    let query = canonical(pairs(&v3["input"]["query"]).iter());
    let request = Request { method: "POST".to_owned(), query, headers, ..Request::default() };
    let authorization = Authorization::of(&request).expect("authorization");
    let secret = text(&v3["accessKeySecret"]);
    let verified = verify_v3(&request, &Parameters::of(&request), &authorization, &secret);
    assert_eq!(verified, Ok(()));
    for name in ["rpcDescribeRegions", "rpcDescribeDedicatedHosts"] {
        let example = &published[name];
        let mut query = pairs(&example["params"]);
        query.push(("Signature".to_owned(), text(&example["publishedSignature"])));
        let parameters = Parameters { query, form: Vec::new() };
        let secret = text(&example["accessKeySecret"]);
        assert_eq!(verify_v1("GET", &parameters, &secret), Ok(()), "{name}");
        assert!(verify_v1("POST", &parameters, &secret).is_err(), "{name}");
    }
}

#[test]
fn the_published_logins_are_admitted() {
    let vectors: Value = serde_json::from_str(CONNECT).expect("JSON");
    for vector in vectors["hmac"].as_array().expect("hmac") {
        let [id, instance, client, secret, user, password] =
            ["id", "instanceId", "clientId", "secret", "username", "password"]
                .map(|name| text(&vector[name]));
        let mut bench = Bench::new(&["--instance", &instance]);
        if vector["mode"] == "Signature" {
            bench.state.accounts.add(&id, &secret, None, None);
        } else {
            bench.state.add_credential((instance.clone(), client.clone()), 0);
            for credential in bench.state.credentials.values_mut() {
                credential.key_id.clone_from(&id);
                credential.secret.clone_from(&secret);
            }
        }
        let may = |client: &str, user: &str, password: &str| {
            may_connect(&bench.state, FROZEN, client, user, password)
        };
        assert_eq!(may(&client, &user, &password), Ok((instance, client.clone())), "{vector}");
        assert_eq!(may(&client, &user, "x"), Err(Denied::WrongPassword));
        assert!(may("GID_Test@@@0002", &user, &password).is_err());
        assert_eq!(may(&client, &format!("{user}x"), &password), Err(Denied::NotAuthorized));
    }
}

#[test]
fn the_token_examples_are_all_or_nothing() {
    let vectors: Value = serde_json::from_str(CONNECT).expect("JSON");
    let mut bench = Bench::new(&["--instance", "mqtt-xxxxx"]);
    bench.state.accounts.add("YYYYY", "s", None, None);
    for (token, actions) in [("123", "R"), ("abcd", "W"), ("both", "R,W")] {
        bench.state.tokens.push(crate::aliyun::tokens::Token {
            text: token.to_owned(),
            instance: "mqtt-xxxxx".to_owned(),
            actions: actions.to_owned(),
            ends_at: FROZEN + 60_000,
            revoked: false,
        });
    }
    let good = |state: &State, now, password: &str| {
        may_connect(state, now, "GID_Test@@@0001", "Token|YYYYY|mqtt-xxxxx", password).is_ok()
    };
    for vector in vectors["token"].as_array().expect("token") {
        assert!(good(&bench.state, FROZEN, &text(&vector["password"])), "{vector}");
    }
    for password in ["W|abcd|R|123", "RW|both", "R|both"] {
        assert!(good(&bench.state, FROZEN, password), "{password}");
    }
    for password in ["", "R", "R|123|W|no", "W|123", "RW|123", "R|123|W", "123"] {
        assert!(!good(&bench.state, FROZEN, password), "{password}");
    }
    assert!(!good(&bench.state, FROZEN + 60_000, "R|123"));
    bench.state.tokens[0].revoked = true;
    assert!(!good(&bench.state, FROZEN, "W|abcd|R|123"));
}
