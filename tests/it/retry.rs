//! What becomes of lost answers, for every operation: the platform acted, or it did not.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_executor::block_on;
use northbound::address::Surroundings;
use northbound::aliyun::{Credentials, OnsMqttConfig};
use northbound::error::{Cause, Error, Failure};
use northbound::event::Event;
use northbound::fields::Fields;
use northbound::huawei::registration;
use northbound::json::Json;
use northbound::request::Request;
use northbound::response::Response;
use northbound::session::retry::RetryOptions;
use northbound::session::throttle::ThrottleOptions;
use northbound::transport::north_api::NorthApi;
use northbound::transport::ons_mqtt::{Keyring, OnsMqtt};
use northbound::transport::{Background, Host, Line, Task};
use northbound::types::Now;

use crate::support::{answer, application, fields, json};

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Answered,
    LostBefore,
    LostAfter,
    Unavailable,
    Expired,
    /// Nothing comes until its time is over.
    Stalled,
}

/// A platform that has at most one credential, or one device.
#[derive(Default)]
struct Platform {
    fates: RefCell<Vec<(&'static str, Fate)>>,
    sends: RefCell<Vec<&'static str>>,
    /// Number and creation time of the credential.
    credential: Cell<Option<(u32, f64)>>,
    registered: Cell<u32>,
    now_ms: Cell<f64>,
    server_ahead_ms: f64,
    dates: RefCell<Vec<String>>,
    warnings: Cell<u32>,
    delays: RefCell<Vec<f64>>,
}

#[derive(Clone)]
struct Wire(Rc<Platform>);

impl Wire {
    fn fate(&self, operation: &'static str) -> Fate {
        let mut fates = self.0.fates.borrow_mut();
        let at = fates.iter().position(|(of, _)| *of == operation);
        at.map_or(Fate::Answered, |at| fates.remove(at).1)
    }

    fn credential(&self) -> Response {
        let Some((number, created)) = self.0.credential.get() else {
            return self.refused(400, "DeviceCredentialNotFound");
        };
        let body = format!(
            r#"{{"RequestId":"R","DeviceCredential":{{"ClientId":"G@@@d","InstanceId":"i","DeviceAccessKeyId":"DC.{number}","DeviceAccessKeySecret":"DC.s{number}","CreateTime":{created},"UpdateTime":{number}}}}}"#
        );
        self.dated(answer(200, &body))
    }

    fn refused(&self, status: u16, code: &str) -> Response {
        self.dated(answer(status, &format!(r#"{{"RequestId":"R","Code":"{code}","Message":"m"}}"#)))
    }

    fn dated(&self, mut response: Response) -> Response {
        let seconds = ((self.0.now_ms.get() + self.0.server_ahead_ms) / 1000.0).floor();
        let date = format!(
            "Thu, 01 Jan 1970 00:{:02}:{:02} GMT",
            (seconds / 60.0).floor(),
            seconds % 60.0
        );
        response.headers.push(("date".to_owned(), date));
        response
    }

    fn act(&self, operation: &str) -> Response {
        let server_ms = self.0.now_ms.get() + self.0.server_ahead_ms;
        match operation {
            "getAuthToken" => answer(
                200,
                r#"{"accessToken":"t","refreshToken":"r","tokenType":"bearer","expiresIn":3600,"scope":"default"}"#,
            ),
            "regDirectDevice" if self.0.registered.get() > 0 => {
                answer(400, r#"{"error_code":"100416","error_desc":"bound"}"#)
            }
            "regDirectDevice" => {
                self.0.registered.set(1);
                answer(200, r#"{"deviceId":"d","verifyCode":"c","timeout":180}"#)
            }
            "deleteDirectDevice" if self.0.registered.get() == 0 => {
                answer(404, r#"{"error_code":"100418","error_desc":"none"}"#)
            }
            "deleteDirectDevice" => {
                self.0.registered.set(0);
                answer(204, "")
            }
            "registerDeviceCredential" if self.0.credential.get().is_some() => {
                self.refused(400, "DeviceCredentialExsit")
            }
            "registerDeviceCredential" => {
                self.0.credential.set(Some((1, server_ms)));
                self.credential()
            }
            "refreshDeviceCredential" => {
                let (number, created) = self.0.credential.get().unwrap();
                self.0.credential.set(Some((number + 1, created)));
                self.credential()
            }
            "unRegisterDeviceCredential" if self.0.credential.take().is_none() => {
                self.refused(400, "DeviceCredentialNotFound")
            }
            "unRegisterDeviceCredential" => answer(200, r#"{"RequestId":"R"}"#),
            _ => self.credential(),
        }
    }
}

impl Host for Wire {
    async fn send(&self, request: &Request, timeout_ms: u32) -> Result<Response, Error> {
        self.0.sends.borrow_mut().push(request.operation);
        let fate = self.fate(request.operation);
        let took_ms = if fate == Fate::Stalled { f64::from(timeout_ms) } else { 100.0 };
        self.0.now_ms.set(self.0.now_ms.get() + took_ms);
        let date = request.headers.iter().find(|(name, _)| *name == "x-acs-date");
        self.0.dates.borrow_mut().extend(date.map(|(_, date)| date.clone()));
        match fate {
            Fate::Stalled => Err(Error::Timeout { timeout_ms }),
            Fate::Answered => Ok(self.act(request.operation)),
            Fate::LostBefore => Err(Error::Network(Cause::default())),
            Fate::LostAfter => {
                self.act(request.operation);
                Err(Error::Timeout { timeout_ms: 1 })
            }
            Fate::Unavailable => Ok(self.refused(503, "ServiceUnavailable")),
            Fate::Expired => Ok(self.refused(400, "InvalidTimeStamp.Expired")),
        }
    }

    async fn sleep(&self, delay_ms: f64) {
        self.0.delays.borrow_mut().push(delay_ms);
        self.0.now_ms.set(self.0.now_ms.get() + delay_ms);
    }

    fn now(&self) -> Now {
        Now::new(self.0.now_ms.get(), self.0.now_ms.get())
    }

    fn chance(&self) -> f64 {
        0.5
    }

    fn nonce(&self) -> String {
        self.0.sends.borrow().len().to_string()
    }

    fn emit(&self, event: &Event<'_>) {
        if event.kind() == "warning" {
            self.0.warnings.set(self.0.warnings.get() + 1);
        }
    }

    fn spawn(&self, _: Background) {}
}

impl Keyring for Wire {
    fn is_asked(&self) -> bool {
        true
    }

    async fn credentials(&self) -> Result<Credentials, Error> {
        let input = json(r#"{"accessKeyId":"id","accessKeySecret":"key"}"#);
        Ok(Credentials::read(Fields::of("credentials", input)?)?)
    }
}

fn platform(fates: &[(&'static str, Fate)]) -> Wire {
    let platform = Platform { fates: RefCell::new(fates.to_vec()), ..Platform::default() };
    platform.now_ms.set(60_000.0);
    Wire(Rc::new(platform))
}

fn call_ons(wire: &Wire, operation: &str) -> Result<Json, Failure> {
    call_ons_with(wire, operation, RetryOptions::default())
}

fn call_ons_with(wire: &Wire, operation: &str, retry: RetryOptions) -> Result<Json, Failure> {
    call_ons_over(Line::new(wire.clone(), 0, retry), wire, operation)
}

fn call_ons_over(line: Line<Wire>, wire: &Wire, operation: &str) -> Result<Json, Failure> {
    let config = Fields::of("config", json(r#"{"regionId":"cn-hangzhou"}"#)).unwrap();
    let config = OnsMqttConfig::read(config, &Surroundings::default()).unwrap();
    let client = OnsMqtt::new(line, config, wire.clone());
    let card = northbound::aliyun::device_credentials::CHAPTER
        .iter()
        .find(|card| card.endpoint.operation == operation)
        .unwrap();
    let draft = card.draft(&mut fields(r#"{"clientId":"G@@@d","instanceId":"i"}"#)).unwrap();
    block_on(Rc::new(client).run(Task::new(draft, card.answer)))
}

fn call_huawei(wire: &Wire, operation: &str, input: &str) -> Result<Json, Failure> {
    let line = Line::new(wire.clone(), 0, RetryOptions::default());
    let client = Rc::new(NorthApi::new(line, application(), 1e9));
    let card =
        registration::CHAPTER.iter().find(|card| card.endpoint.operation == operation).unwrap();
    let draft = card.draft(&mut fields(input)).unwrap();
    block_on(client.run(Task::new(draft, card.answer)))
}

fn key_id(result: &Result<Json, Failure>) -> Option<&Json> {
    result.as_ref().ok()?.get("deviceCredential")?.get("deviceAccessKeyId")
}

#[test]
fn a_lost_registration_that_happened_is_found() {
    let wire = platform(&[("registerDeviceCredential", Fate::LostAfter)]);
    assert_eq!(key_id(&call_ons(&wire, "registerDeviceCredential")), Some(&"DC.1".into()));
    let sends = ["registerDeviceCredential", "registerDeviceCredential", "getDeviceCredential"];
    assert_eq!(*wire.0.sends.borrow(), sends);
}

#[test]
fn a_lost_registration_that_did_not_happen_is_sent_again() {
    let wire = platform(&[("registerDeviceCredential", Fate::LostBefore)]);
    assert_eq!(key_id(&call_ons(&wire, "registerDeviceCredential")), Some(&"DC.1".into()));
    assert_eq!(wire.0.sends.borrow().len(), 2);
}

#[test]
fn an_older_credential_is_never_taken_for_a_lost_registration() {
    let wire = platform(&[("registerDeviceCredential", Fate::LostAfter)]);
    wire.0.credential.set(Some((7, 58_000.0)));
    let failure = call_ons(&wire, "registerDeviceCredential").unwrap_err();
    assert_eq!(failure.error.code(), Some("DeviceCredentialExsit"));
    assert_eq!(failure.outcome_unknown, None, "it was there before");
}

#[test]
fn the_age_of_a_credential_is_told_by_the_servers_clock() {
    let mut platform = Platform { server_ahead_ms: -30_000.0, ..Platform::default() };
    platform.fates = RefCell::new(vec![("registerDeviceCredential", Fate::LostAfter)]);
    platform.now_ms.set(60_000.0);
    let wire = Wire(Rc::new(platform));
    let result = call_ons(&wire, "registerDeviceCredential");
    assert_eq!(key_id(&result), Some(&"DC.1".into()), "made 30 s ago by our clock, now by its own");
}

#[test]
fn a_second_registration_without_a_loss_is_refused() {
    let wire = platform(&[]);
    wire.0.credential.set(Some((7, 60_000.0)));
    let failure = call_ons(&wire, "registerDeviceCredential").unwrap_err();
    assert_eq!(failure.error.code(), Some("DeviceCredentialExsit"));
    assert_eq!(wire.0.sends.borrow().len(), 1);
}

#[test]
fn a_lost_refresh_that_happened_is_not_made_again() {
    let wire = platform(&[("refreshDeviceCredential", Fate::LostAfter)]);
    wire.0.credential.set(Some((1, 0.0)));
    assert_eq!(key_id(&call_ons(&wire, "refreshDeviceCredential")), Some(&"DC.2".into()));
    let sends = ["getDeviceCredential", "refreshDeviceCredential", "getDeviceCredential"];
    assert_eq!(*wire.0.sends.borrow(), sends);
}

#[test]
fn a_lost_refresh_that_did_not_happen_is_sent_again() {
    let wire = platform(&[("refreshDeviceCredential", Fate::LostBefore)]);
    wire.0.credential.set(Some((1, 0.0)));
    assert_eq!(key_id(&call_ons(&wire, "refreshDeviceCredential")), Some(&"DC.2".into()));
    assert_eq!(wire.0.sends.borrow().len(), 4);
}

#[test]
fn a_refresh_without_retries_reads_nothing_and_says_what_to_look_at() {
    let wire = platform(&[("refreshDeviceCredential", Fate::LostAfter)]);
    wire.0.credential.set(Some((1, 0.0)));
    let failure = call_ons_with(&wire, "refreshDeviceCredential", RetryOptions::NONE).unwrap_err();
    assert!(failure.message().ends_with("getDeviceCredential tells whether updateTime is newer"));
    assert!(!failure.retryable());
    assert_eq!(wire.0.sends.borrow().len(), 1);
}

const REGISTER: &str = "registerDeviceCredential";
const REFRESH: &str = "refreshDeviceCredential";
const READ: &str = "getDeviceCredential";

/// A call whose attempts and waits have 1500 ms together.
const BRIEF: RetryOptions = RetryOptions::new(3, 0.0, 0.0, 1_500.0);

/// Asserts what a call sends that has used up its time, and that it says so.
#[track_caller]
fn assert_ends_in_time(fates: &[(&'static str, Fate)], operation: &str, sends: &[&str]) {
    let wire = platform(fates);
    if operation == REFRESH {
        wire.0.credential.set(Some((1, 0.0)));
    }
    let failure = call_ons_with(&wire, operation, BRIEF).unwrap_err();
    assert_eq!(*wire.0.sends.borrow(), sends);
    assert!((wire.0.now_ms.get() - 61_500.0).abs() < 1.0, "took {} ms", wire.0.now_ms.get());
    assert_eq!((failure.operation, failure.retryable()), (operation, false));
    let look = failure.outcome_unknown.unwrap_or_default();
    assert!(look.starts_with("getDeviceCredential tells whether"), "{look}");
}

#[test]
fn a_registration_and_what_it_reads_share_one_time() {
    let stalled = [(REGISTER, Fate::Stalled), (READ, Fate::Stalled)];
    assert_ends_in_time(&stalled, REGISTER, &[REGISTER]);
    let read_stalled = [(REGISTER, Fate::LostAfter), (READ, Fate::Stalled)];
    assert_ends_in_time(&read_stalled, REGISTER, &[REGISTER, REGISTER, READ]);
}

#[test]
fn a_refresh_and_what_it_reads_share_one_time() {
    let first = (READ, Fate::Answered);
    let stalled = [first, (REFRESH, Fate::Stalled), (READ, Fate::Stalled)];
    assert_ends_in_time(&stalled, REFRESH, &[READ, REFRESH]);
    let read_stalled = [first, (REFRESH, Fate::LostBefore), (READ, Fate::Stalled)];
    assert_ends_in_time(&read_stalled, REFRESH, &[READ, REFRESH, READ]);
}

#[test]
fn a_refresh_whose_first_read_stalls_sends_nothing_else() {
    let wire = platform(&[(READ, Fate::Stalled), (READ, Fate::Stalled)]);
    let failure = call_ons_with(&wire, REFRESH, BRIEF).unwrap_err();
    assert_eq!((failure.operation, failure.outcome_unknown), (REFRESH, None));
    assert_eq!((*wire.0.sends.borrow()).as_slice(), [READ]);
}

#[test]
fn a_read_that_waits_for_the_throttle_takes_no_time_of_its_call() {
    let wire = platform(&[(REFRESH, Fate::LostBefore)]);
    wire.0.credential.set(Some((1, 0.0)));
    let throttle = ThrottleOptions::new(2, 20_000.0);
    let line = Line::new(wire.clone(), 0, BRIEF).throttled(throttle);
    assert_eq!(key_id(&call_ons_over(line, &wire, REFRESH)), Some(&"DC.2".into()));
    assert_eq!(*wire.0.sends.borrow(), [READ, REFRESH, READ, REFRESH]);
    assert!(wire.0.now_ms.get() > 75_000.0, "it waited");
}

#[test]
fn not_found_after_a_lost_removal_means_that_it_was_done() {
    for fate in [Fate::LostBefore, Fate::LostAfter] {
        let wire = platform(&[("unRegisterDeviceCredential", fate), ("deleteDirectDevice", fate)]);
        wire.0.credential.set(Some((1, 0.0)));
        wire.0.registered.set(1);
        assert!(call_ons(&wire, "unRegisterDeviceCredential").is_ok(), "{fate:?}");
        assert!(
            call_huawei(&wire, "deleteDirectDevice", r#"{"deviceId":"d"}"#).is_ok(),
            "{fate:?}"
        );
    }
    let wire = platform(&[]);
    assert!(call_ons(&wire, "unRegisterDeviceCredential").is_err(), "nothing was lost");
    assert!(call_huawei(&wire, "deleteDirectDevice", r#"{"deviceId":"d"}"#).is_err());
}

#[test]
fn a_lost_registration_of_a_device_is_sent_again_only_with_a_code_of_the_callers() {
    let wire = platform(&[("regDirectDevice", Fate::LostBefore)]);
    let failure = call_huawei(&wire, "regDirectDevice", r#"{"nodeId":"n"}"#).unwrap_err();
    assert!(
        failure.message().contains("whether the platform acted is not known: look for the nodeId")
    );
    assert_eq!((failure.attempts, failure.retryable()), (1, false));

    let wire = platform(&[("regDirectDevice", Fate::LostBefore)]);
    let input = r#"{"nodeId":"n","verifyCode":"c"}"#;
    assert!(call_huawei(&wire, "regDirectDevice", input).is_ok());
}

#[test]
fn a_device_that_is_registered_after_a_lost_answer_may_be_this_calls_own() {
    let input = r#"{"nodeId":"n","verifyCode":"c"}"#;
    let wire = platform(&[("regDirectDevice", Fate::LostAfter)]);
    let failure = call_huawei(&wire, "regDirectDevice", input).unwrap_err();
    let look = "look for the nodeId among the application's devices";
    assert_eq!(failure.outcome_unknown, Some(look));
    assert_eq!((failure.attempts, failure.error.code()), (2, Some("100416")));

    let wire = platform(&[]);
    wire.0.registered.set(1);
    let failure = call_huawei(&wire, "regDirectDevice", input).unwrap_err();
    assert_eq!((failure.outcome_unknown, failure.error.code()), (None, Some("100416")));

    let wire = platform(&[("regDirectDevice", Fate::LostBefore); 3]);
    let failure = call_huawei(&wire, "regDirectDevice", input).unwrap_err();
    assert_eq!((failure.outcome_unknown, failure.retryable()), (None, true), "it can be repeated");
}

#[test]
fn a_lost_login_is_sent_again_for_all_that_wait() {
    let wire = platform(&[("getAuthToken", Fate::LostBefore)]);
    wire.0.registered.set(1);
    assert!(call_huawei(&wire, "deleteDirectDevice", r#"{"deviceId":"d"}"#).is_ok());
    assert_eq!(*wire.0.sends.borrow(), ["getAuthToken", "getAuthToken", "deleteDirectDevice"]);
}

#[test]
fn a_gateway_that_is_not_available_is_asked_again_until_the_attempts_end() {
    let wire = platform(&[("getDeviceCredential", Fate::Unavailable); 5]);
    let failure = call_ons(&wire, "getDeviceCredential").unwrap_err();
    assert_eq!((failure.attempts, failure.error.code()), (3, Some("ServiceUnavailable")));
    assert_eq!(wire.0.delays.borrow().len(), 2);
}

#[test]
fn a_clock_that_is_wrong_is_corrected_once_by_the_servers_date() {
    let mut platform = Platform { server_ahead_ms: 1_200_000.0, ..Platform::default() };
    platform.fates = RefCell::new(vec![("getDeviceCredential", Fate::Expired)]);
    platform.now_ms.set(60_000.0);
    platform.credential.set(Some((1, 0.0)));
    let wire = Wire(Rc::new(platform));
    assert!(call_ons(&wire, "getDeviceCredential").is_ok());
    assert_eq!(*wire.0.dates.borrow(), ["1970-01-01T00:01:00Z", "1970-01-01T00:21:00Z"]);
    assert_eq!((wire.0.warnings.get(), wire.0.delays.borrow().len()), (1, 0));

    let wire = self::platform(&[("getDeviceCredential", Fate::Expired); 5]);
    let failure = call_ons(&wire, "getDeviceCredential").unwrap_err();
    assert_eq!((failure.attempts, wire.0.warnings.get()), (2, 1));
}
