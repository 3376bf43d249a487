//! A store of tokens that does what the package asks of one: one token, one lease at a time, one count of calls. The
//! fuzz targets of `fuzz/` have it, too.

use northbound::json::Json;

/// What the sharers share.
#[derive(Debug, Default)]
pub(super) struct Store {
    token: Option<Json>,
    generation: u32,
    /// The holder, the number, and when it ends.
    lease: Option<(String, Json, f64)>,
    /// When the last calls were counted.
    counted: Vec<f64>,
    /// A flaw that has to be found: it ends leases early and takes every token.
    pub(super) no_fence: bool,
}

impl Store {
    /// Answers a question: a method's name, the key, and the method's arguments.
    pub(super) fn answer(&mut self, question: &Json, now: f64) -> Json {
        let Json::List(parts) = question else { panic!("{question:?}") };
        match text(&parts[0]) {
            "acquire" => self.acquire(text(&parts[2]), number(&parts[3]), parts.get(4), now),
            "renew" => self.renew(text(&parts[2]), &parts[3], number(&parts[4]), now).into(),
            "commit" => self.commit(&parts[3]).into(),
            "release" => {
                if self.is_held(text(&parts[2]), &parts[3], now) {
                    self.lease = None;
                }
                Json::Null
            }
            "take" => self.take(&parts[2], now).into(),
            other => panic!("no such method: {other}"),
        }
    }

    fn acquire(&mut self, owner: &str, lease_ms: f64, rejected: Option<&Json>, now: f64) -> Json {
        assert!(lease_ms > 0.0, "a lease of {lease_ms} ms");
        if let Some(token) = &self.token
            && token.get("accessToken") != rejected
        {
            return Json::object([("token", Some(token.clone()))]);
        }
        if let Some((holder, _, ends)) = &self.lease
            && *ends > now
            && holder != owner
        {
            return Json::object([("retryAfterMs", Some(50.into()))]);
        }
        self.generation += 1;
        let lease_ms = lease_ms / if self.no_fence { 3.0 } else { 1.0 };
        self.lease = Some((owner.to_owned(), self.generation.into(), now + lease_ms));
        Json::object([("generation", Some(self.generation.into()))])
    }

    fn is_held(&self, owner: &str, generation: &Json, now: f64) -> bool {
        self.lease.as_ref().is_some_and(|(holder, number, ends)| {
            holder == owner && number == generation && *ends > now
        })
    }

    fn renew(&mut self, owner: &str, generation: &Json, lease_ms: f64, now: f64) -> bool {
        let held = self.is_held(owner, generation, now);
        if held && let Some((_, _, ends)) = &mut self.lease {
            *ends = now + lease_ms;
        }
        held
    }

    fn commit(&mut self, token: &Json) -> bool {
        let accepted = self.no_fence || token.get("generation") == Some(&self.generation.into());
        if accepted {
            self.token = Some(token.clone());
            self.lease = None;
        }
        accepted
    }

    fn take(&mut self, budget: &Json, now: f64) -> f64 {
        let member = |name| budget.get(name).map(number).expect("a budget");
        let window = member("perMs") + member("slackMs");
        self.counted.retain(|at| now - at < window);
        let counted = u32::try_from(self.counted.len()).expect("a few calls");
        if f64::from(counted) < member("calls") {
            self.counted.push(now);
            return 0.0;
        }
        (self.counted[0] + window - now).ceil().max(1.0)
    }
}

fn text(value: &Json) -> &str {
    let Json::Text(text) = value else { panic!("{value:?}") };
    text
}

fn number(value: &Json) -> f64 {
    let Json::Number(number) = value else { panic!("{value:?}") };
    *number
}
