//! The contract of a session, a test for each sentence of it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use futures_executor::LocalPool;
use futures_util::future::{AbortHandle, abortable, join_all};
use futures_util::task::LocalSpawnExt;
use northbound::error::{Cause, Error, Failure};
use northbound::event::Event;
use northbound::huawei::registration::QUERY_DEVICE_STATUS;
use northbound::json::Json;
use northbound::request::Request;
use northbound::response::Response;
use northbound::session::retry::RetryOptions;
use northbound::transport::north_api::NorthApi;
use northbound::transport::{Background, Host, Line, Task};
use northbound::types::{Now, Secret};

use crate::support::{answer, application, fields};

/// A platform of a few lines: every login ends the token before it, any other is refused.
#[derive(Default)]
struct Platform {
    now_ms: Cell<f64>,
    logins: Cell<u32>,
    refreshes: Cell<u32>,
    calls: Cell<u32>,
    /// The number of the token that is good; none if it was killed.
    good: Cell<Option<u32>>,
    login_fails: Cell<bool>,
    /// Whether even a new token is refused.
    stubborn: Cell<bool>,
    /// Turns of the executor that an answer takes.
    delay: Cell<u32>,
    given_up: Cell<u32>,
    /// How calls ended, and what was warned about.
    outcomes: RefCell<BTreeMap<String, u32>>,
    background: RefCell<Vec<Background>>,
}

impl Platform {
    fn work_in_background(&self) {
        let work = self.background.take();
        run(join_all(work));
    }
}

#[derive(Clone, Default)]
struct Wire(Rc<Platform>);

impl Wire {
    fn issue(&self) -> Response {
        let number = self.0.logins.get() + self.0.refreshes.get();
        self.0.good.set(Some(number));
        answer(
            200,
            &format!(
                r#"{{"accessToken":"t{number}","refreshToken":"r{number}","tokenType":"bearer","expiresIn":60,"scope":"default"}}"#
            ),
        )
    }

    fn respond(&self, request: &Request) -> Response {
        match request.operation {
            "getAuthToken" => {
                self.0.logins.set(self.0.logins.get() + 1);
                if self.0.login_fails.get() {
                    return answer(401, r#"{"error_code":"100208","error_desc":"no"}"#);
                }
                self.issue()
            }
            "refreshAuthToken" => {
                self.0.refreshes.set(self.0.refreshes.get() + 1);
                if self.0.login_fails.get() {
                    return answer(401, r#"{"error_code":"100208","error_desc":"no"}"#);
                }
                self.issue()
            }
            _ => {
                self.0.calls.set(self.0.calls.get() + 1);
                let sent = &request.headers.iter().find(|(name, _)| *name == "authorization");
                let good = self.0.good.get().map(|number| format!("Bearer t{number}"));
                if self.0.stubborn.get() || sent.map(|(_, token)| token.clone()) != good {
                    return answer(403, r#"{"resultcode":"1010005","resultmsg":"no"}"#);
                }
                answer(200, r#"{"deviceId":"d","activated":true}"#)
            }
        }
    }
}

/// Counts requests that were dropped before they were answered.
struct UnderWay<'a>(&'a Platform, bool);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if !self.1 {
            self.0.given_up.set(self.0.given_up.get() + 1);
        }
    }
}

impl Host for Wire {
    async fn send(&self, request: &Request, _timeout_ms: u32) -> Result<Response, Error> {
        let mut under_way = UnderWay(&self.0, false);
        for _ in 0..self.0.delay.get() {
            turn().await;
        }
        under_way.1 = true;
        Ok(self.respond(request))
    }

    async fn sleep(&self, _delay_ms: f64) {}

    fn chance(&self) -> f64 {
        0.5
    }

    fn nonce(&self) -> String {
        String::new()
    }

    fn now(&self) -> Now {
        Now::new(self.0.now_ms.get(), self.0.now_ms.get())
    }

    fn emit(&self, event: &Event<'_>) {
        for told in [event.get("outcome"), event.get("about")].into_iter().flatten() {
            *self.0.outcomes.borrow_mut().entry(told.to_owned()).or_default() += 1;
        }
    }

    fn spawn(&self, work: Background) {
        self.0.background.borrow_mut().push(work);
    }
}

/// Lets everybody else have a turn.
async fn turn() {
    let mut waited = false;
    std::future::poll_fn(|context| {
        if waited {
            return std::task::Poll::Ready(());
        }
        waited = true;
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}

/// How long a refresh token is good for.
const MONTH_MS: f64 = 30.0 * 86_400_000.0;

fn client() -> (Rc<Platform>, Rc<NorthApi<Wire>>) {
    let wire = Wire::default();
    wire.0.delay.set(3);
    let platform = Rc::clone(&wire.0);
    (
        platform,
        Rc::new(NorthApi::new(
            Line::new(wire, 1000, RetryOptions::default()),
            application(),
            MONTH_MS,
        )),
    )
}

fn task() -> Task {
    let card = QUERY_DEVICE_STATUS;
    Task::new(card.draft(&mut fields(r#"{"deviceId":"d"}"#)).unwrap(), card.answer)
}

async fn call(client: &Rc<NorthApi<Wire>>) -> Result<Json, Failure> {
    Rc::clone(client).run(task()).await
}

fn run<T>(future: impl Future<Output = T>) -> T {
    LocalPool::new().run_until(future)
}

#[track_caller]
fn assert_code(result: &Result<Json, Failure>, expected: &str) {
    let Err(failure) = result else { panic!("{result:?}") };
    let Error::Platform(refusal) = &*failure.error else { panic!("{result:?}") };
    assert_eq!(refusal.code, expected);
}

#[test]
fn calls_that_wait_share_one_login() {
    let (platform, client) = client();
    let results = run(join_all((0..200).map(|_| call(&client))));
    assert!(results.iter().all(Result::is_ok));
    assert_eq!((platform.logins.get(), platform.calls.get()), (1, 200));
}

#[test]
fn calls_whose_token_died_share_one_more_login() {
    let (platform, client) = client();
    run(call(&client)).unwrap();
    platform.good.set(None);
    let results = run(join_all((0..200).map(|_| call(&client))));
    assert!(results.iter().all(Result::is_ok));
    assert_eq!(platform.logins.get(), 2);
}

#[test]
fn a_call_that_was_refused_an_older_token_uses_the_newest() {
    let (platform, client) = client();
    run(call(&client)).unwrap();
    platform.delay.set(10);
    let results = run(async {
        let slow = call(&client);
        let renewal = async {
            platform.delay.set(1);
            Rc::clone(&client).get_auth_token(true, None).await
        };
        futures_util::join!(slow, renewal)
    });
    assert!(results.0.is_ok() && results.1.is_ok());
    assert_eq!(platform.logins.get(), 2, "the forced one and no other");
}

#[test]
fn a_refused_call_logs_in_again_once_and_is_sent_again_once() {
    let (platform, client) = client();
    platform.stubborn.set(true);
    let result = run(call(&client));
    assert_code(&result, "1010005");
    assert_eq!(result.unwrap_err().attempts, 2);
    assert_eq!((platform.logins.get(), platform.calls.get()), (2, 2));
}

#[test]
fn a_token_that_the_caller_brought_is_never_renewed() {
    let (platform, client) = client();
    let mut own = task();
    own.token = Some(Secret::new("mine".to_owned()));
    assert_code(&run(Rc::clone(&client).run(own)), "1010005");
    assert_eq!((platform.logins.get(), platform.calls.get()), (0, 1));
}

#[test]
fn a_failed_login_is_told_to_all_and_not_remembered() {
    let (platform, client) = client();
    // Longer than it takes until all of them wait.
    platform.delay.set(50);
    platform.login_fails.set(true);
    let results = run(join_all((0..10).map(|_| call(&client))));
    for result in &results {
        assert_code(result, "100208");
        assert_eq!(result.as_ref().unwrap_err().operation, "getAuthToken");
    }
    assert_eq!(platform.logins.get(), 1);
    platform.login_fails.set(false);
    assert!(run(call(&client)).is_ok());
    assert_eq!(platform.logins.get(), 2);
}

#[test]
fn a_login_goes_on_while_anybody_waits_for_it() {
    let (platform, client) = client();
    platform.delay.set(5);
    let mut pool = LocalPool::new();
    let (first, leave) = abortable({
        let client = Rc::clone(&client);
        async move { call(&client).await }
    });
    pool.spawner().spawn_local(async { drop(first.await) }).unwrap();
    pool.run_until(turn());
    leave.abort();
    assert!(pool.run_until(call(&client)).is_ok());
    assert_eq!((platform.logins.get(), platform.given_up.get()), (1, 0));
    assert_eq!(platform.outcomes.borrow().get("aborted"), Some(&1));
}

#[test]
fn when_the_last_one_leaves_the_login_is_given_up() {
    let (platform, client) = client();
    platform.delay.set(50);
    let handles: Vec<AbortHandle> = {
        let mut pool = LocalPool::new();
        let handles = (0..3)
            .map(|_| {
                let client = Rc::clone(&client);
                let (future, handle) = abortable(async move { call(&client).await });
                pool.spawner().spawn_local(async { drop(future.await) }).unwrap();
                handle
            })
            .collect::<Vec<_>>();
        pool.run_until(turn());
        handles.iter().for_each(AbortHandle::abort);
        pool.run();
        handles
    };
    assert_eq!(handles.len(), 3);
    assert_eq!((platform.logins.get(), platform.given_up.get()), (0, 1));
    platform.delay.set(1);
    assert!(run(call(&client)).is_ok(), "the next call begins anew");
}

#[test]
fn whoever_insists_on_a_login_gets_one_that_lives() {
    let (platform, client) = client();
    run(call(&client)).unwrap();
    let results = run(async {
        let refresh = Rc::clone(&client).refresh_auth_token(None);
        let forced = (0..3).map(|_| Rc::clone(&client).get_auth_token(true, None));
        futures_util::join!(refresh, join_all(forced)).1
    });
    assert_eq!((platform.logins.get(), platform.refreshes.get()), (2, 1));
    for result in results {
        let token = result.unwrap().get("accessToken").cloned();
        assert_eq!(token, platform.good.get().map(|number| format!("t{number}").into()));
    }
}

#[test]
fn a_token_is_used_until_its_life_is_over() {
    let (platform, client) = client();
    run(call(&client)).unwrap();
    platform.login_fails.set(true);
    platform.now_ms.set(59_999.0);
    run(call(&client)).unwrap();
    assert_eq!((platform.logins.get(), platform.refreshes.get()), (2, 1), "tried, and not missed");
    platform.login_fails.set(false);
    platform.now_ms.set(60_000.0);
    run(call(&client)).unwrap();
    assert_eq!(platform.logins.get(), 3);
}

#[test]
fn a_token_is_renewed_in_the_background_before_it_ends() {
    let (platform, client) = client();
    run(call(&client)).unwrap();
    platform.now_ms.set(45_000.0);
    run(call(&client)).unwrap();
    assert_eq!((platform.calls.get(), platform.refreshes.get()), (2, 0), "nobody waited");
    platform.work_in_background();
    assert_eq!((platform.logins.get(), platform.refreshes.get()), (1, 1));
    run(call(&client)).unwrap();
    assert_eq!((platform.calls.get(), platform.logins.get()), (3, 1), "the new token serves");
}

#[test]
fn a_renewal_that_fails_is_a_warning_and_is_tried_again_later() {
    let (platform, client) = client();
    run(call(&client)).unwrap();
    platform.login_fails.set(true);
    for moment in [45_000.0, 45_100.0, 45_900.0, 46_000.0] {
        platform.now_ms.set(moment);
        run(call(&client)).unwrap();
        platform.work_in_background();
    }
    // Margins of a life of 60 s: 18 s, so that the second attempt is made 0.9 s after the first.
    assert_eq!(platform.refreshes.get(), 2);
    assert_eq!(platform.outcomes.borrow().get("renewal"), Some(&2));
    assert_eq!(platform.outcomes.borrow().get("ok"), Some(&5));
}

#[test]
fn with_little_life_left_calls_wait_for_the_next_token() {
    let (platform, client) = client();
    run(call(&client)).unwrap();
    platform.now_ms.set(55_000.0);
    assert!(run(join_all((0..20).map(|_| call(&client)))).iter().all(Result::is_ok));
    assert_eq!((platform.logins.get(), platform.refreshes.get(), platform.calls.get()), (1, 1, 21));
}

#[test]
fn a_renewal_uses_the_refresh_token_and_logs_in_where_that_is_spent() {
    let (platform, client) = client();
    run(Rc::clone(&client).refresh_auth_token(None)).unwrap();
    assert_eq!((platform.logins.get(), platform.refreshes.get()), (1, 0), "none to refresh with");
    run(Rc::clone(&client).refresh_auth_token(None)).unwrap();
    assert_eq!((platform.logins.get(), platform.refreshes.get()), (1, 1));
    platform.login_fails.set(true);
    assert_code(&run(Rc::clone(&client).refresh_auth_token(None)), "100208");
    assert_eq!((platform.logins.get(), platform.refreshes.get()), (2, 2), "refused, then a login");
    platform.login_fails.set(false);
    platform.now_ms.set(31.0 * 86_400_000.0);
    run(Rc::clone(&client).refresh_auth_token(None)).unwrap();
    assert_eq!((platform.logins.get(), platform.refreshes.get()), (3, 2), "its life is over");
}

#[test]
fn a_lost_answer_is_the_hosts_own_error() {
    struct Broken;
    impl Host for Broken {
        async fn send(&self, _: &Request, _: u32) -> Result<Response, Error> {
            Err(Error::Network(Cause::new("cable")))
        }
        async fn sleep(&self, _: f64) {}
        fn chance(&self) -> f64 {
            0.0
        }
        fn nonce(&self) -> String {
            String::new()
        }
        fn now(&self) -> Now {
            Now::new(0.0, 0.0)
        }
        fn emit(&self, _: &Event<'_>) {}
        fn spawn(&self, _: Background) {}
    }
    let line = Line::new(Broken, 0, RetryOptions::NONE);
    let client = Rc::new(NorthApi::new(line, application(), 0.0));
    let failure = run(client.run(task())).unwrap_err();
    assert_eq!(failure.attempts, 1);
    let Error::Network(cause) = &*failure.error else { panic!("{failure:?}") };
    assert_eq!(cause.get::<&str>(), Some(&"cable"));
}
