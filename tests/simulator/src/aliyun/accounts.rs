//! Who may sign: access keys, and temporary ones with a token and an end.

use std::fmt;

use crate::exchange::Millis;

/// The keys of the published test vectors, so that they can be replayed; they open nothing else.
const OF_THE_VECTORS: [(&str, &str, Option<&str>); 2] = [
    ("LTAI5tTESTONLYfakeAKID01", "FAKEsecretFORtestVECTORSonly01", None),
    (
        "STS.NTtestONLYfakeAKID0002",
        "FAKEstsSecretForVectorsOnly002",
        Some("CAISfake+token/with=special&chars=="),
    ),
];

/// A key and what belongs to it.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// Of a temporary key.
    pub(crate) token: Option<String>,
    /// `None`: as the setting `stsLifeS` says.
    pub(crate) ends_at: Option<Millis>,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("id", &self.id).finish_non_exhaustive()
    }
}

/// All keys of the one account.
#[derive(Debug, Clone, Default)]
pub(crate) struct Accounts {
    pub(crate) keys: Vec<Key>,
}

impl Accounts {
    /// From the command line. The error does not repeat the text: it may be a secret.
    pub(crate) fn read(access_keys: &[String], temporary: &[String]) -> Result<Self, String> {
        let mut accounts = Self::default();
        for (id, secret, token) in OF_THE_VECTORS {
            accounts.add(id, secret, token, None);
        }
        for text in access_keys.iter().filter(|text| !text.is_empty()) {
            match text.split_once(':') {
                Some((id, secret)) if !id.is_empty() && !secret.is_empty() => {
                    accounts.add(id, secret, None, None);
                }
                _ => return Err("an access key (--access-key) is written ID:SECRET".to_owned()),
            }
        }
        for text in temporary.iter().filter(|text| !text.is_empty()) {
            let parts: Vec<&str> = text.splitn(3, ':').collect();
            match *parts {
                [id, secret, token] if parts.iter().all(|part| !part.is_empty()) => {
                    accounts.add(id, secret, Some(token), None);
                }
                _ => return Err("a temporary key (--sts) is written ID:SECRET:TOKEN".to_owned()),
            }
        }
        Ok(accounts)
    }

    /// Adds a key or takes the place of the one with its id.
    pub(crate) fn add(
        &mut self,
        id: &str,
        secret: &str,
        token: Option<&str>,
        ends_at: Option<Millis>,
    ) {
        self.keys.retain(|key| key.id != id);
        self.keys.push(Key {
            id: id.to_owned(),
            secret: secret.to_owned(),
            token: token.map(str::to_owned),
            ends_at,
        });
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.id == id)
    }

    /// Ends all temporary keys, and says how many.
    pub(crate) fn expire(&mut self, now: Millis) -> usize {
        let temporary = self.keys.iter_mut().filter(|key| key.token.is_some());
        temporary.map(|key| key.ends_at = Some(now)).count()
    }
}
