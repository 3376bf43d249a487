//! What was called, when, and with what result.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;
use serde_json::{Value, json};

use crate::exchange::{Request, Response};

/// One call, as `/_sim/journal` shows it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Entry {
    pub(crate) n: u64,
    pub(crate) platform: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
    /// `None`: no answer yet, or none at all.
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<String>,
    pub(crate) start_ms: f64,
    pub(crate) end_ms: Option<f64>,
    #[serde(rename = "tokenOk")]
    pub(crate) token_ok: bool,
    /// The scheme of a call that is signed.
    pub(crate) signature: Option<&'static str>,
    pub(crate) peer: String,
    pub(crate) tls: bool,
    pub(crate) faulted: Option<String>,
}

/// What is known of a call besides its request when it comes in.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) platform: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) token_ok: bool,
    pub(crate) signature: Option<&'static str>,
    pub(crate) peer: String,
    pub(crate) faulted: Option<String>,
}

/// The calls since the last clearing, the oldest dropped beyond a number.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    last: u64,
    calls: VecDeque<Entry>,
}

impl Journal {
    /// Notes a call and gives its number, which no other call of this run gets.
    pub(crate) fn begin(
        &mut self,
        most: usize,
        start_ms: f64,
        request: &Request,
        arrival: Arrival,
    ) -> u64 {
        self.last += 1;
        self.calls.push_back(Entry {
            n: self.last,
            platform: arrival.platform,
            operation: arrival.operation,
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: request.headers.clone(),
            body: String::from_utf8_lossy(&request.body).into_owned(),
            status: None,
            code: None,
            start_ms,
            end_ms: None,
            token_ok: arrival.token_ok,
            signature: arrival.signature,
            peer: arrival.peer,
            tls: request.tls,
            faulted: arrival.faulted,
        });
        while self.calls.len() > most {
            self.calls.pop_front();
        }
        self.last
    }

    /// Notes what the platform answered; the answer may still be on its way.
    pub(crate) fn answered(&mut self, n: u64, response: &Response) {
        if let Some(entry) = self.entry(n) {
            entry.status = Some(response.status);
            entry.code = response.code();
        }
    }

    /// Notes the end of a call, however it ended.
    pub(crate) fn end(&mut self, n: u64, end_ms: f64) {
        if let Some(entry) = self.entry(n) {
            entry.end_ms = Some(end_ms);
        }
    }

    fn entry(&mut self, n: u64) -> Option<&mut Entry> {
        self.calls.iter_mut().rev().find(|entry| entry.n == n)
    }

    pub(crate) fn clear(&mut self) {
        self.calls.clear();
    }

    pub(crate) fn all(&self) -> Value {
        json!({ "calls": self.calls })
    }

    /// Counts in place of the calls. `window_ms` is the throttle's window in real time.
    pub(crate) fn summary(&self, window_ms: f64) -> Value {
        let mut operations = BTreeMap::<&str, u64>::new();
        let mut answers = BTreeMap::<String, u64>::new();
        for call in &self.calls {
            *operations.entry(call.operation).or_default() += 1;
            let status = call.status.map_or_else(|| "none".to_owned(), |status| status.to_string());
            let answer = match &call.code {
                Some(code) => format!("{status}/{code}"),
                None => status,
            };
            *answers.entry(answer).or_default() += 1;
        }
        json!({
            "calls": self.calls.len(),
            "operations": operations,
            "answers": answers,
            "logins": self.succeeded("login"),
            "refreshes": self.succeeded("refreshToken"),
            "maxTokenCallsInFlight": self.token_calls_in_flight(),
            "maxCallsInWindow": self.calls_in_window(window_ms),
        })
    }

    fn succeeded(&self, operation: &str) -> usize {
        let calls = self.calls.iter().filter(|call| call.operation == operation);
        calls.filter(|call| call.status == Some(200)).count()
    }

    /// The most logins and token refreshes that were open at the same moment.
    fn token_calls_in_flight(&self) -> i64 {
        let token_calls: Vec<&Entry> = self
            .calls
            .iter()
            .filter(|call| matches!(call.operation, "login" | "refreshToken"))
            .collect();
        let starts = token_calls.iter().map(|call| (call.start_ms, 1));
        let ends = token_calls.iter().filter_map(|call| Some((call.end_ms?, -1)));
        let mut steps: Vec<(f64, i64)> = starts.chain(ends).collect();
        // At the same moment the end counts first.
        steps.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut open = 0;
        let heights = steps.iter().map(|(_, step)| {
            open += step;
            open
        });
        heights.max().unwrap_or(0)
    }

    /// The most calls with a live token that came in within any stretch of the window's length,
    /// refused ones included: more than the limit means that the callers went too fast.
    fn calls_in_window(&self, window_ms: f64) -> usize {
        let device_calls = self.calls.iter().filter(|call| {
            call.platform == "huawei"
                && call.token_ok
                && !matches!(call.operation, "login" | "refreshToken" | "logout" | "unknown")
        });
        let mut recent = VecDeque::new();
        let mut most = 0;
        for call in device_calls {
            recent.push_back(call.start_ms);
            while recent.front().is_some_and(|first| call.start_ms - first >= window_ms) {
                recent.pop_front();
            }
            most = most.max(recent.len());
        }
        most
    }
}
