//! Tokens of MQTT clients: apply, query, revoke.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::{Map, json};

use super::product::{Answer, Product};
use super::random_bytes;
use crate::exchange::Millis;

const DAYS_30: Millis = 30 * 86_400_000;

/// A token that was given out.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) instance: String,
    /// `R`, `W` or `R,W`.
    pub(crate) actions: String,
    pub(crate) ends_at: Millis,
    pub(crate) revoked: bool,
}

impl Token {
    pub(crate) const fn good(&self, now: Millis) -> bool {
        !self.revoked && now < self.ends_at
    }
}

pub(crate) fn apply(product: &mut Product<'_>) -> Answer {
    let actions = product.wanted("Actions")?;
    let resources = product.wanted("Resources")?;
    let expire_time = product.wanted("ExpireTime")?;
    let instance = product.instance()?;
    if !["R", "W", "R,W"].contains(&&*actions) {
        return Err(product.invalid("Actions"));
    }
    let topics: Vec<&str> = resources.split(',').collect();
    if topics.len() > 100 || topics.iter().any(|topic| topic.is_empty()) || !topics.is_sorted() {
        return Err(product.invalid("Resources"));
    }
    for topic in topics {
        product.allowed(topic.split('/').next().unwrap_or(topic))?;
    }
    let now = product.now;
    let at = expire_time.parse::<Millis>().ok().filter(|at| *at >= now.saturating_add(60_000));
    let Some(at) = at else {
        return Err(product.invalid("ExpireTime"));
    };
    let text =
        format!("LzMT+{}", STANDARD_NO_PAD.encode(random_bytes::<48>(&mut product.state.rng)));
    let ends_at = at.min(now.saturating_add(DAYS_30));
    let token = Token { text: text.clone(), instance, actions, ends_at, revoked: false };
    product.state.tokens.push(token);
    Ok(Map::from_iter([("Token".to_owned(), json!(text))]))
}

pub(crate) fn query(product: &Product<'_>) -> Answer {
    let text = product.wanted("Token")?;
    let instance = product.instance()?;
    let now = product.now;
    let good = |token: &Token| token.text == text && token.instance == instance && token.good(now);
    let status = product.state.tokens.iter().any(good);
    Ok(Map::from_iter([("TokenStatus".to_owned(), json!(status))]))
}

/// A token that nobody knows counts as revoked.
pub(crate) fn revoke(product: &mut Product<'_>) -> Answer {
    let text = product.wanted("Token")?;
    let instance = product.instance()?;
    let meant = |token: &&mut Token| token.text == text && token.instance == instance;
    if let Some(token) = product.state.tokens.iter_mut().find(meant) {
        token.revoked = true;
    }
    Ok(Map::new())
}
