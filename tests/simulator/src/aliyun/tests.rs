//! The platform as a function: each test makes a state, calls, and looks.

mod operations;
mod refusals;
mod throttling;
mod vectors;

use clap::Parser;
use serde_json::{Value, json};

use super::parameters::{canonical, pe};
use super::signature::hmac_sha1;
use super::{Accounts, State, handle, stamp};
use crate::exchange::{Millis, Request, Response};
use crate::options::Options;

/// 2026-01-02T03:04:05Z
const FROZEN: Millis = 1_767_323_045_000;
const INSTANCE: &str = "post-cn-simulator01";
const CLIENT: &str = "GID_test@@@one";

/// A platform whose calls are signed with a key of its own by the older scheme.
struct Bench {
    state: State,
    now: Millis,
    nonce: u32,
    key: (&'static str, &'static str),
    token: Option<&'static str>,
    more: Vec<(&'static str, &'static str)>,
}

impl Bench {
    fn new(flags: &[&str]) -> Self {
        let options = Options::try_parse_from(["simulator"].iter().chain(flags)).expect("flags");
        options.aliyun.check().expect("settings");
        let accounts: Accounts = options.accounts().expect("keys");
        Self {
            state: State::new(options.aliyun, accounts, FROZEN, 1),
            now: FROZEN,
            nonce: 0,
            key: ("LTAI5tSIMULATORONLY0001", "simulatorSecretNotReal0001"),
            token: None,
            more: vec![("Format", "JSON")],
        }
    }

    fn parameters(&mut self, action: &str, own: &[(&str, &str)]) -> Vec<(String, String)> {
        self.nonce += 1;
        let nonce = format!("n-{}", self.nonce);
        let timestamp = crate::wall_clock::tests::iso(self.now);
        let mut all = vec![
            ("Action", action),
            ("Version", "2020-04-20"),
            ("AccessKeyId", self.key.0),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureVersion", "1.0"),
            ("SignatureNonce", &nonce),
            ("Timestamp", &timestamp),
        ];
        all.extend(self.token.map(|token| ("SecurityToken", token)));
        all.extend(&self.more);
        all.extend(own);
        all.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    fn request(&mut self, method: &str, action: &str, own: &[(&str, &str)]) -> Request {
        let parameters = self.parameters(action, own);
        let query = sign(method, &parameters, self.key.1);
        let headers = [("host".to_owned(), "h:1".to_owned())].into();
        let method = method.to_owned();
        Request { method, path: "/".to_owned(), query, headers, ..Request::default() }
    }

    fn answer(&mut self, request: &Request) -> Response {
        handle(&mut self.state, self.now, request)
    }

    fn full(&mut self, action: &str, own: &[(&str, &str)]) -> Response {
        let request = self.request("POST", action, own);
        self.answer(&request)
    }

    fn call(&mut self, action: &str, own: &[(&str, &str)]) -> Value {
        body(&self.full(action, own))
    }

    /// A call about the one device.
    fn device(&mut self, action: &str) -> Value {
        self.call(action, &[("InstanceId", INSTANCE), ("ClientId", CLIENT)])
    }

    fn code(&mut self, action: &str, own: &[(&str, &str)]) -> String {
        code(&self.call(action, own))
    }
}

fn body(response: &Response) -> Value {
    serde_json::from_slice(&response.body).expect("JSON")
}

fn code(body: &Value) -> String {
    body["Code"].as_str().unwrap_or_default().to_owned()
}

fn sign(method: &str, parameters: &[(String, String)], secret: &str) -> String {
    let query = canonical(parameters.iter());
    let signature = hmac_sha1(&format!("{secret}&"), &format!("{method}&%2F&{}", pe(&query)));
    format!("{query}&Signature={}", pe(&signature))
}
