//! The store that shares a token, asked with a deadline; what goes wrong with it is told once.

use std::cell::Cell;

use crate::fields::Fields;
use crate::huawei::authentication::AuthOutDto;
use crate::json::Json;
use crate::session::sharing::{ANSWER_MS, Acquired, GRACE_MS, Terms};
use crate::session::throttle::ThrottleOptions;
use crate::session::token::Issued;
use crate::text;
use crate::transport::{Host, Later, Line, StoreFailure, StoreTraits, before};
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

/// What a store is asked.
#[derive(Debug)]
pub(super) enum Question {
    /// For the right to log in, since this token, or none, is the newest that is known.
    Acquire(Option<Secret>),
    /// Whether the lease, which shall last longer, is still ours.
    Renew(u32),
    /// To keep a token, which ends the lease.
    Commit(Issued),
    /// To end the lease without a token.
    Release(u32),
    /// To count a call for all sharers.
    Take(ThrottleOptions),
}

/// What a store answers.
#[derive(Debug)]
pub(super) enum Answered {
    /// To who wants to log in.
    Acquired(Acquired),
    /// Whether it did what it was asked for.
    Truth(bool),
    /// How long to wait, in milliseconds; 0: not at all.
    Delay(f64),
    /// That it has heard.
    Nothing,
}

impl Question {
    /// Reads the answer to this question; none if it is no answer.
    fn read(&self, answer: &Json) -> Option<Answered> {
        match (self, answer) {
            (Self::Acquire(rejected), _) => {
                let acquired = read_acquired(answer)?;
                // One that was told to be dead is no answer.
                let dead = matches!(&acquired, Acquired::Token(token)
                    if Some(&token.pair.access_token) == rejected.as_ref());
                (!dead).then_some(Answered::Acquired(acquired))
            }
            (Self::Renew(_) | Self::Commit(_), Json::Bool(truth)) => Some(Answered::Truth(*truth)),
            (Self::Take(_), Json::Number(delay_ms)) => Some(Answered::Delay(*delay_ms)),
            (Self::Release(_), _) => Some(Answered::Nothing),
            (Self::Renew(_) | Self::Commit(_) | Self::Take(_), _) => None,
        }
    }
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

    /// Counts a call for all sharers.
    pub(super) async fn take<H: Host>(&self, line: &Line<H>, options: ThrottleOptions) -> Counted {
        let asked = line.host.now();
        if self.rests.get().is_some_and(|since| asked.steady_since(since) < REST_MS) {
            return Counted::Unknown;
        }
        let Ok(Answered::Delay(delay_ms)) = self.ask(line, Question::Take(options)).await else {
            return self.not_counted(line);
        };
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
    pub(super) fn ask<'a, H: Host>(
        &'a self,
        line: &'a Line<H>,
        question: Question,
    ) -> Later<'a, Result<Answered, StoreFailure>> {
        Box::pin(async move {
            let asked = line.host.now();
            let (method, words) = self.words(&question);
            let answer = Box::pin(line.host.ask_store(&words));
            let late = || {
                let limit = text::integer(ANSWER_MS.into());
                StoreFailure::new(["no answer within ", &limit, " ms"].concat(), false)
            };
            let odd = || StoreFailure::new("an answer that is none".to_owned(), false);
            let answer = before(answer, line.sleep(f64::from(ANSWER_MS))).await;
            let answer = answer.ok_or_else(late).flatten().and_then(|answer| {
                self.tell_unreadable(line, &answer);
                question.read(&answer).ok_or_else(odd)
            });
            self.tell(line, method, asked, answer.as_ref().err());
            answer
        })
    }

    /// The method that answers a question, and both as they are put to the store.
    fn words(&self, question: &Question) -> (&'static str, Json) {
        let (owner, lease_ms) = (self.owner.as_str().into(), self.traits.terms.lease_ms.into());
        let (method, args): (_, Vec<Json>) = match question {
            Question::Acquire(rejected) => {
                let mut args = vec![owner, lease_ms];
                args.extend(rejected.as_ref().map(|token| Json::from(token.reveal())));
                ("acquire", args)
            }
            Question::Renew(generation) => ("renew", vec![owner, (*generation).into(), lease_ms]),
            Question::Commit(token) => ("commit", vec![owner, token_json(token)]),
            Question::Release(generation) => ("release", vec![owner, (*generation).into()]),
            Question::Take(options) => ("take", vec![budget_json(*options)]),
        };
        let mut words = vec![method.into(), self.key.as_str().into()];
        words.extend(args);
        (method, Json::List(words))
    }

    fn tell_unreadable<H: Host>(&self, line: &Line<H>, answer: &Json) {
        let unreadable = answer.get("unreadable") == Some(&Json::Bool(true));
        if unreadable && !self.told_unreadable.replace(true) {
            let cause = "is it sealed with another key?";
            line.warn(
                "token-store",
                &["the stored token cannot be opened and counts as none: ", cause],
            );
        }
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
                line.warn("token-store", &["the token store ", what, " again"]);
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
        let message =
            ["the token store failed at ", method, " (", &failure.reason, "): ", consequence];
        line.warn("token-store", &message);
    }
}

/// Tells of a store that takes no token.
pub(super) fn tell_refusals<H: Host>(line: &Line<H>) {
    let message = "the token store refused three new tokens in a row; the last one is used";
    line.warn("token-store", &[message]);
}

fn token_json(token: &Issued) -> Json {
    let AuthOutDto { scope, token_type, access_token, refresh_token, .. } = &*token.pair;
    Json::object([
        ("accessToken", Some(access_token.reveal().into())),
        ("refreshToken", Some(refresh_token.reveal().into())),
        ("tokenType", Some(token_type.as_str().into())),
        ("scope", Some(scope.as_str().into())),
        ("lifeMs", Some(token.life_ms.into())),
        ("refreshLifeMs", Some(token.refresh_life_ms.into())),
        ("generation", Some(token.generation.into())),
    ])
}

fn budget_json(ThrottleOptions { calls, per_ms, slack_ms }: ThrottleOptions) -> Json {
    Json::object([
        ("calls", Some(calls.into())),
        ("perMs", Some(per_ms.into())),
        ("slackMs", Some(slack_ms.into())),
    ])
}

/// Reads what a store answers to who asks for the right to log in. Members that are not known are
/// nobody's fault.
fn read_acquired(answer: &Json) -> Option<Acquired> {
    if let Some(token) = answer.get("token") {
        return read_token(token).map(|token| Acquired::Token(Box::new(token)));
    }
    if answer.get("retryAfterMs").is_some() {
        return number(answer, "retryAfterMs").map(Acquired::Wait);
    }
    generation(answer).map(Acquired::Lease)
}

fn read_token(token: &Json) -> Option<Issued> {
    let life_ms = number(token, "lifeMs")?;
    let refresh_life_ms = number(token, "refreshLifeMs")?;
    let mut members = Fields::of("token", token.clone()).ok()?;
    let pair = AuthOutDto::read_members(&mut members, (life_ms / 1000.0).floor()).ok()?;
    Some(Issued::new(pair, life_ms, refresh_life_ms, generation(token)?))
}

fn generation(answer: &Json) -> Option<u32> {
    let number = number(answer, "generation")?;
    let is_one = number.fract() == 0.0 && number <= f64::from(crate::fields::MAX_INTEGER);
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be an integer that a u32 holds"
    )]
    is_one.then_some(number as u32)
}

/// A member that is a number, finite and not negative.
fn number(of: &Json, name: &str) -> Option<f64> {
    let Json::Number(number) = of.get(name)? else { return None };
    (number.is_finite() && *number >= 0.0).then_some(*number)
}
