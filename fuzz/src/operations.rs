//! Every operation of both platforms, and how its answers are read.

use northbound::aliyun::{self, client_tokens, device_credentials};
use northbound::error::Error;
use northbound::huawei::authentication::{ANSWER, OPERATIONS};
use northbound::huawei::{self, registration};
use northbound::json::Json;
use northbound::operation::{Answer, Card};
use northbound::response::Response;
use northbound::types::Secret;

/// Whose operation it is, and so which dialect its refusals speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Platform {
    Huawei,
    Aliyun,
}

/// One operation.
#[derive(Clone, Copy)]
pub(crate) struct Operation {
    pub(crate) platform: Platform,
    pub(crate) name: &'static str,
    pub(crate) answer: Answer,
    /// What it takes; the logins take none.
    pub(crate) card: Option<&'static Card>,
}

impl Operation {
    /// Reads an answer to it.
    pub(crate) fn decode(&self, response: &Response, secrets: &[Secret]) -> Result<Json, Error> {
        let decode = match self.platform {
            Platform::Huawei => huawei::decode,
            Platform::Aliyun => aliyun::decode,
        };
        decode(self.name, response.clone(), secrets, &self.answer)
    }
}

/// All of them, the logins first.
pub(crate) fn all() -> Vec<Operation> {
    let logins = OPERATIONS.iter().map(|name| Operation {
        platform: Platform::Huawei,
        name,
        answer: ANSWER,
        card: None,
    });
    let of = |platform, chapter: &'static [Card]| {
        chapter.iter().map(move |card| Operation {
            platform,
            name: card.endpoint.operation,
            answer: card.answer,
            card: Some(card),
        })
    };
    logins
        .chain(of(Platform::Huawei, registration::CHAPTER))
        .chain(of(Platform::Aliyun, device_credentials::CHAPTER))
        .chain(of(Platform::Aliyun, client_tokens::CHAPTER))
        .collect()
}
