//! Who may connect over MQTT: the three modes of user name and password.

use super::State;
use super::credentials::Owner;
use super::signature::hmac_sha1;
use crate::exchange::Millis;

/// Why a device may not connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denied {
    /// Unknown user, client id or instance, or a token that is not good.
    NotAuthorized,
    /// All is known but the password.
    WrongPassword,
}

/// Decides on a CONNECT; a good one gives the instance and client id.
pub(crate) fn may_connect(
    state: &State,
    now: Millis,
    client_id: &str,
    username: &str,
    password: &str,
) -> Result<Owner, Denied> {
    let parts: Vec<&str> = username.split('|').collect();
    let [mode, id, instance] = *parts else {
        return Err(Denied::NotAuthorized);
    };
    let owner = (instance.to_owned(), client_id.to_owned());
    if !state.settings.instances.contains(&owner.0) {
        return Err(Denied::NotAuthorized);
    }
    match mode {
        "DeviceCredential" => {
            let known = state.credentials.get(&owner).filter(|credential| credential.key_id == id);
            let secret = &known.ok_or(Denied::NotAuthorized)?.secret;
            right_password(secret, client_id, password)?;
        }
        "Signature" => {
            let known = state.accounts.get(id).filter(|key| key.token.is_none());
            let secret = &known.ok_or(Denied::NotAuthorized)?.secret;
            right_password(secret, client_id, password)?;
        }
        "Token" => {
            state.accounts.get(id).ok_or(Denied::NotAuthorized)?;
            good_tokens(state, now, instance, password)?;
        }
        _ => return Err(Denied::NotAuthorized),
    }
    Ok(owner)
}

fn right_password(secret: &str, client_id: &str, password: &str) -> Result<(), Denied> {
    if hmac_sha1(secret, client_id) == password { Ok(()) } else { Err(Denied::WrongPassword) }
}

/// Pairs of kind and token; one that is not good spoils all.
fn good_tokens(state: &State, now: Millis, instance: &str, password: &str) -> Result<(), Denied> {
    let parts: Vec<&str> = password.split('|').collect();
    let good = |pair: &[&str]| {
        let [kind, text] = *pair else {
            return false;
        };
        let covers = |actions: &str| match kind {
            "R" | "W" => actions.split(',').any(|action| action == kind),
            "RW" => actions == "R,W",
            _ => false,
        };
        state.tokens.iter().any(|token| {
            let meant = token.text == text && token.instance == instance;
            meant && token.good(now) && covers(&token.actions)
        })
    };
    if parts.chunks(2).all(good) { Ok(()) } else { Err(Denied::NotAuthorized) }
}
