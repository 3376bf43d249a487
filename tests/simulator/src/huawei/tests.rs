//! The platform as a function: made-up times, no sockets.

mod device_key;
mod registration;
mod session;
mod sign_in;

use clap::Parser;
use serde_json::Value;

use super::devices::Device;
use super::{State, handle};
use crate::exchange::{Millis, Request, Response};
use crate::options::Options;

/// A platform with app1, app2 and app3; app2 has authorised app1.
struct Bench {
    state: State,
    now: Millis,
    token: String,
}

impl Bench {
    fn new(flags: &[&str]) -> Self {
        let apps = ["--app", "app1:s+e/c=r&t%1", "--app", "app2:other", "--app", "app3:third"];
        let fixed = ["simulator", "--grant", "app2:app1"];
        let arguments = fixed.iter().chain(&apps).chain(flags);
        let options = Options::try_parse_from(arguments).expect("flags");
        options.huawei.check().expect("settings");
        let apps = options.apps().expect("apps");
        Self { state: State::new(options.huawei, apps, 7), now: 1_000, token: String::new() }
    }

    /// A platform that app1 is logged in to.
    fn signed_in(flags: &[&str]) -> Self {
        let mut bench = Self::new(flags);
        bench.sign_in();
        bench
    }

    fn sign_in(&mut self) -> Value {
        let answer = self.login("appId=app1&secret=s%2Be%2Fc%3Dr%26t%251");
        let answer = json(&answer);
        self.token = answer["accessToken"].as_str().expect("token").to_owned();
        answer
    }

    fn login(&mut self, form: &str) -> Response {
        self.send("POST", "/iocm/app/sec/v1.1.0/login", form, &[])
    }

    fn refresh(&mut self, body: &str) -> Response {
        self.send("POST", "/iocm/app/sec/v1.1.0/refreshToken", body, &[])
    }

    fn register(&mut self, body: &str) -> Response {
        self.call("POST", "/iocm/app/reg/v1.1.0/deviceCredentials", body)
    }

    fn refresh_key(&mut self, id: &str, body: &str) -> Response {
        self.call("PUT", &format!("/iocm/app/reg/v1.1.0/deviceCredentials/{id}"), body)
    }

    fn status(&mut self, id: &str) -> Response {
        self.call("GET", &format!("/iocm/app/reg/v1.1.0/deviceCredentials/{id}"), "")
    }

    fn delete(&mut self, id: &str) -> Response {
        self.call("DELETE", &format!("/iocm/app/dm/v1.4.0/devices/{id}"), "")
    }

    /// A call with app1's headers.
    fn call(&mut self, method: &str, path: &str, body: &str) -> Response {
        let bearer = format!("Bearer {}", self.token);
        self.send(method, path, body, &[("app_key", "app1"), ("authorization", &bearer)])
    }

    fn send(
        &mut self,
        method: &str,
        target: &str,
        body: &str,
        headers: &[(&str, &str)],
    ) -> Response {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let headers = headers.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        let request = Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: headers.collect(),
            body: body.as_bytes().to_vec(),
            tls: false,
            ..Request::default()
        };
        handle(&mut self.state, self.now, &request)
    }

    fn add(&mut self, id: &str, owner: &str, activated: bool, online: bool) {
        self.state.devices.insert(Device {
            id: id.to_owned(),
            owner: owner.to_owned(),
            node_id: format!("node-{id}"),
            name: None,
            gateway: None,
            bound: activated,
            activated,
            heard_at: online.then_some(self.now),
            codes: Vec::new(),
        });
    }
}

fn json(response: &Response) -> Value {
    serde_json::from_slice(&response.body).expect("JSON")
}

fn text(response: &Response) -> String {
    String::from_utf8(response.body.clone()).expect("UTF-8")
}

/// Status and code of an error.
#[track_caller]
fn refused(response: &Response, status: u16, code: &str) {
    assert_eq!((response.status, response.code().as_deref()), (status, Some(code)));
}
