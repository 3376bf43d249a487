//! The store that shares a token, asked with a deadline; what goes wrong with it is told once.

use std::cell::Cell;
use std::pin::pin;

use futures_util::future::{Either, select};

use crate::event::Event;
use crate::fields::{Fields, Member, Problem};
use crate::huawei::authentication::AuthOutDto;
use crate::json::Json;
use crate::session::sharing::{ANSWER_MS, Acquired, GRACE_MS, Terms};
use crate::session::throttle::ThrottleOptions;
use crate::session::token::Issued;
use crate::transport::{Host, Line, StoreFailure, StoreTraits};
use crate::types::{Now, Secret};

/// How long a failure is remembered, in milliseconds: later it was another one.
const MEMORY_MS: f64 = 60_000.0;

/// How long a store that did not count a call is left alone, in milliseconds: each question would hold up
/// a call.
const REST_MS: f64 = 5_000.0;

/// One of those who share a token.
#[derive(Debug)]
pub(super) struct Sharer {
    /// What is shared, by name.
    key: String,
    /// Who asks.
    owner: String,
    traits: StoreTraits,
    tokens: Service,
    calls: Service,
    /// When counting was last tried in vain.
    rests: Cell<Option<Now>>,
    told_unreadable: Cell<bool>,
}

/// One of the two things that a store is good for, and how it does.
#[derive(Debug, Default)]
struct Service {
    /// Since when it has failed, and when it did last.
    silent: Cell<Option<(Now, Now)>>,
    /// Whether it said that it will never work.
    useless: Cell<bool>,
}

impl Service {
    /// Since when it has failed, `now` if it has not, or if that is too long ago to mean anything.
    fn silent(&self, now: Now) -> Now {
        let (since, last) = self.silent.get().unwrap_or((now, now));
        if now.steady_since(last) < MEMORY_MS { since } else { now }
    }
}

/// What a store says about one call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Counted {
    /// It is counted and may go out.
    Go,
    /// It has to wait so many milliseconds.
    Wait(f64),
    /// The store has not answered for long: nobody knows.
    Unknown,
}

impl Sharer {
    /// A sharer called `owner` of what is called `key`.
    pub(super) fn new(key: String, owner: String, traits: StoreTraits) -> Self {
        let (tokens, calls) = (Service::default(), Service::default());
        let (rests, told_unreadable) = (Cell::new(None), Cell::new(false));
        Self { key, owner, traits, tokens, calls, rests, told_unreadable }
    }

    /// How leases are kept.
    pub(super) const fn terms(&self) -> Terms {
        self.traits.terms
    }

    /// Whether there is any use in asking the store.
    pub(super) const fn is_useful(&self) -> bool {
        !self.tokens.useless.get()
    }

    /// Whether the store counts calls.
    pub(super) const fn counts_calls(&self) -> bool {
        self.traits.counts_calls && !self.calls.useless.get()
    }

    /// Asks for the right to log in.
    pub(super) async fn acquire<H: Host>(
        &self,
        line: &Line<H>,
        rejected: Option<&Secret>,
    ) -> Result<Acquired, StoreFailure> {
        let mut args = vec![self.owner.as_str().into(), self.traits.terms.lease_ms.into()];
        args.extend(rejected.map(|token| Json::from(token.reveal())));
        let unreadable = Cell::new(false);
        let answer = self.ask(line, "acquire", args, |answer| {
            let acquired = read_acquired(answer)?;
            unreadable.set(answer.get("unreadable") == Some(&Json::Bool(true)));
            // One that was told to be dead is no answer.
            let dead = matches!(&acquired, Acquired::Token(token)
                if Some(&token.pair.access_token) == rejected);
            (!dead).then_some(acquired)
        });
        let answer = answer.await;
        if unreadable.get() && !self.told_unreadable.replace(true) {
            let cause = "is it sealed with another key?";
            warn(line, &["the stored token cannot be opened and counts as none: ", cause]);
        }
        answer
    }

    /// Asks that the lease lasts longer; answers whether it is still ours.
    pub(super) async fn renew<H: Host>(
        &self,
        line: &Line<H>,
        generation: u32,
    ) -> Result<bool, StoreFailure> {
        let lease_ms = self.traits.terms.lease_ms;
        let args = vec![self.owner.as_str().into(), generation.into(), lease_ms.into()];
        self.ask(line, "renew", args, read_truth).await
    }

    /// Stores a token, which ends the lease; answers whether the store took it.
    pub(super) async fn commit<H: Host>(
        &self,
        line: &Line<H>,
        token: &Issued,
    ) -> Result<bool, StoreFailure> {
        let AuthOutDto { scope, token_type, access_token, refresh_token, .. } = &token.pair;
        let token = Json::object([
            ("accessToken", Some(access_token.reveal().into())),
            ("refreshToken", Some(refresh_token.reveal().into())),
            ("tokenType", Some(token_type.as_str().into())),
            ("scope", Some(scope.as_str().into())),
            ("lifeMs", Some(token.life_ms.into())),
            ("refreshLifeMs", Some(token.refresh_life_ms.into())),
            ("generation", Some(token.generation.into())),
        ]);
        self.ask(line, "commit", vec![self.owner.as_str().into(), token], read_truth).await
    }

    /// Ends the lease without a token.
    pub(super) async fn release<H: Host>(&self, line: &Line<H>, generation: u32) {
        let args = vec![self.owner.as_str().into(), generation.into()];
        // Where that fails the lease ends by itself.
        drop(self.ask(line, "release", args, |_| Some(())).await);
    }

    /// Counts a call for all sharers.
    pub(super) async fn take<H: Host>(&self, line: &Line<H>, options: ThrottleOptions) -> Counted {
        let asked = line.host.now();
        if self.rests.get().is_some_and(|since| asked.steady_since(since) < REST_MS) {
            return Counted::Unknown;
        }
        let ThrottleOptions { calls, per_ms, slack_ms } = options;
        let budget = Json::object([
            ("calls", Some(calls.into())),
            ("perMs", Some(per_ms.into())),
            ("slackMs", Some(slack_ms.into())),
        ]);
        let answer = self.ask(line, "take", vec![budget], |answer| {
            if let Json::Number(delay_ms) = answer { Some(*delay_ms) } else { None }
        });
        let Ok(delay_ms) = answer.await else { return self.not_counted(line) };
        self.rests.set(None);
        if delay_ms > 0.0 { Counted::Wait(delay_ms) } else { Counted::Go }
    }

    /// Who is not counted waits for the store as long as who needs a token: the others go on counting
    /// with it and know nothing of calls that go out beside it.
    fn not_counted<H: Host>(&self, line: &Line<H>) -> Counted {
        let now = line.host.now();
        if self.counts_calls() && now.steady_since(self.calls.silent(now)) < GRACE_MS {
            return Counted::Wait((250.0 + 250.0 * line.host.chance()).round());
        }
        self.rests.set(Some(now));
        Counted::Unknown
    }

    /// Since when the store has kept no token, `now` if it does.
    pub(super) fn silent(&self, now: Now) -> Now {
        self.tokens.silent(now)
    }

    /// Asks the store, for so long and no longer, and tells the first of several failures.
    async fn ask<H: Host, T>(
        &self,
        line: &Line<H>,
        method: &'static str,
        mut args: Vec<Json>,
        read: impl Fn(&Json) -> Option<T>,
    ) -> Result<T, StoreFailure> {
        args.insert(0, self.key.as_str().into());
        args.insert(0, method.into());
        let question = Json::List(args);
        let asked = line.host.now();
        let answer = pin!(line.host.ask_store(&question));
        let limit = pin!(line.host.sleep(f64::from(ANSWER_MS)));
        let answer = match select(answer, limit).await {
            Either::Left((answer, _)) => answer.and_then(|answer| {
                let odd = || StoreFailure::new("an answer that is none".to_owned(), false);
                read(&answer).ok_or_else(odd)
            }),
            Either::Right(_) => {
                let reason = ["no answer within ", &ANSWER_MS.to_string(), " ms"].concat();
                Err(StoreFailure::new(reason, false))
            }
        };
        self.tell(line, method, asked, answer.as_ref().err());
        answer
    }

    fn tell<H: Host>(
        &self,
        line: &Line<H>,
        method: &str,
        asked: Now,
        failure: Option<&StoreFailure>,
    ) {
        let counting = method == "take";
        let service = if counting { &self.calls } else { &self.tokens };
        let Some(failure) = failure else {
            if service.silent.take().is_some() {
                let what = if counting { "counts" } else { "answers" };
                warn(line, &["the token store ", what, " again"]);
            }
            return;
        };
        // What can never work is told once, whatever it was asked for.
        let expected = self.tokens.useless.get() || self.calls.useless.get();
        service.useless.set(service.useless.get() || failure.lasting);
        let since = service.silent(asked);
        let known = service.silent.replace(Some((since, line.host.now())));
        if known.is_some_and(|(first, _)| first == since) || (failure.lasting && expected) {
            return;
        }
        let consequence = match (counting, failure.lasting) {
            (false, true) => "the token is now this client's alone",
            (false, false) => {
                "it is asked again; if it stays away, the token is this client's alone"
            }
            (true, true) => "this client now counts for itself",
            (true, false) => "it is asked again; if it stays away, this client keeps to its share",
        };
        warn(
            line,
            &["the token store failed at ", method, " (", &failure.reason, "): ", consequence],
        );
    }
}

/// Tells of a store that takes no token.
pub(super) fn tell_refusals<H: Host>(line: &Line<H>) {
    warn(line, &["the token store refused three new tokens in a row; the last one is used"]);
}

fn warn<H: Host>(line: &Line<H>, message: &[&str]) {
    line.host.emit(Event::Warning { about: "token-store", message: message.concat() });
}

const fn read_truth(answer: &Json) -> Option<bool> {
    if let Json::Bool(truth) = answer { Some(*truth) } else { None }
}

/// Reads what a store answers to who asks for the right to log in. Members that are not known are
/// nobody's fault.
fn read_acquired(answer: &Json) -> Option<Acquired> {
    let read = || -> Result<Acquired, Problem> {
        let mut fields = Fields::of("answer", answer.clone())?;
        let token = fields.member("token");
        if token.is_present() {
            let token = token.maybe_object()?.unwrap_or(Json::Null);
            return read_token(Fields::of("token", token)?)
                .map(|token| Acquired::Token(Box::new(token)));
        }
        let delay = fields.member("retryAfterMs");
        if delay.is_present() {
            return read_ms(delay).map(Acquired::Wait);
        }
        fields.member("generation").integer(0..=crate::fields::MAX_INTEGER).map(Acquired::Lease)
    };
    read().ok()
}

fn read_token(mut token: Fields) -> Result<Issued, Problem> {
    let life_ms = read_ms(token.member("lifeMs"))?;
    let refresh_life_ms = read_ms(token.member("refreshLifeMs"))?;
    let generation = token.member("generation").integer(0..=crate::fields::MAX_INTEGER)?;
    let pair = AuthOutDto::read_members(&mut token, (life_ms / 1000.0).floor())?;
    Ok(Issued::new(pair, life_ms, refresh_life_ms, generation))
}

fn read_ms(member: Member) -> Result<f64, Problem> {
    let odd = member.problem("is no time");
    match member.json() {
        Some(Json::Number(ms)) if ms.is_finite() && ms >= 0.0 => Ok(ms),
        _ => Err(odd),
    }
}
