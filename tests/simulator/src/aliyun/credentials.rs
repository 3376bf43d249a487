//! The credentials of devices: one for each client id of an instance.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::{Map, Value, json};

use super::product::{Answer, Product, is_group};
use super::settings::{RefreshChanges, SecondRegister};
use super::{State, random_bytes, signature};
use crate::exchange::{Millis, percent_decode};

/// What a device proves itself with.
#[derive(Clone)]
pub(crate) struct Credential {
    pub(crate) key_id: String,
    pub(crate) secret: String,
    pub(crate) create_time: Millis,
    pub(crate) update_time: Millis,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

/// Instance and client id.
pub(crate) type Owner = (String, String);

impl State {
    /// Makes a credential and takes the place of an older one.
    pub(crate) fn add_credential(&mut self, owner: Owner, create_time: Millis) -> Value {
        let credential = Credential {
            key_id: new_key(&mut self.rng),
            secret: new_key(&mut self.rng),
            create_time,
            update_time: create_time,
        };
        let shown = show(&owner, &credential);
        self.credentials.insert(owner, credential);
        shown
    }

    pub(crate) fn list_credentials(&self) -> Vec<Value> {
        self.credentials.iter().map(|(owner, credential)| show(owner, credential)).collect()
    }
}

/// `DC.` and 16 bytes in the form of a random UUID, as the documented examples have it.
fn new_key(rng: &mut fastrand::Rng) -> String {
    let mut bytes = random_bytes::<16>(rng);
    let [.., version, _, variant, _, _, _, _, _, _, _] = &mut bytes;
    *version = *version & 0x0F | 0x40;
    *variant = *variant & 0x3F | 0x80;
    format!("DC.{}", STANDARD_NO_PAD.encode(bytes))
}

fn show((instance, client_id): &Owner, credential: &Credential) -> Value {
    json!({
        "ClientId": client_id,
        "InstanceId": instance,
        "DeviceAccessKeyId": credential.key_id,
        "DeviceAccessKeySecret": credential.secret,
        "CreateTime": credential.create_time,
        "UpdateTime": credential.update_time,
    })
}

fn answer(credential: Value) -> Map<String, Value> {
    Map::from_iter([("DeviceCredential".to_owned(), credential)])
}

fn owner(product: &Product<'_>) -> Result<Owner, super::errors::Refusal> {
    let client_id = product.client_id()?;
    Ok((product.instance()?, client_id))
}

pub(crate) fn register(product: &mut Product<'_>) -> Answer {
    let owner = owner(product)?;
    let settings = &product.state.settings;
    if let Some(known) = product.state.credentials.get(&owner) {
        match settings.second_register {
            SecondRegister::Error => return Err(product.refuse("DeviceCredentialExsit")),
            SecondRegister::Same => return Ok(answer(show(&owner, known))),
            SecondRegister::New => {}
        }
    } else {
        let held = product.state.credentials.keys().filter(|(of, _)| *of == owner.0).count();
        if settings.max_credentials > 0 && held >= settings.max_credentials {
            return Err(product.refuse("DeviceCredentialNumExceed"));
        }
    }
    Ok(answer(product.state.add_credential(owner, product.now)))
}

pub(crate) fn get(product: &Product<'_>) -> Answer {
    let owner = owner(product)?;
    match product.state.credentials.get(&owner) {
        Some(credential) => Ok(answer(show(&owner, credential))),
        None => Err(product.refuse("DeviceCredentialNotFound")),
    }
}

pub(crate) fn refresh(product: &mut Product<'_>) -> Answer {
    let owner = owner(product)?;
    let State { settings, credentials, rng, .. } = &mut *product.state;
    let Some(credential) = credentials.get_mut(&owner) else {
        let code = settings.refresh_unknown_code.clone();
        return Err(product.refuse(&code));
    };
    if settings.refresh_changes == RefreshChanges::KeyAndSecret {
        credential.key_id = new_key(rng);
    }
    credential.secret = new_key(rng);
    credential.update_time = product.now;
    let shown = show(&owner, credential);
    product.state.cut(owner);
    Ok(answer(shown))
}

pub(crate) fn unregister(product: &mut Product<'_>) -> Answer {
    let owner = owner(product)?;
    if product.state.credentials.remove(&owner).is_none() {
        return Err(product.refuse("DeviceCredentialNotFound"));
    }
    product.state.cut(owner);
    Ok(Map::new())
}

/// Sorted by client id, so that a page starts where the one before has ended.
pub(crate) fn list(product: &Product<'_>) -> Answer {
    let group = product.wanted("GroupId")?;
    let page_size = product.wanted("PageSize")?;
    if product.state.settings.page_no_mandatory {
        product.wanted("PageNo")?;
    }
    let instance = product.instance()?;
    if !is_group(&group) {
        return Err(product.invalid("GroupId"));
    }
    product.allowed(&group)?;
    let size = page_size.parse::<usize>().ok().filter(|size| (1..=100).contains(size));
    let size = size.ok_or_else(|| product.invalid("PageSize"))?;
    let page_no = product.parameters.get("PageNo").unwrap_or("1");
    let page = page_no.parse::<usize>().ok().filter(|page| *page > 0);
    let page = page.ok_or_else(|| product.invalid("PageNo"))?;
    let start = format!("{group}@@@");
    let of_group = |(of, id): &&Owner| *of == instance && id.starts_with(&start);
    let all = || product.state.credentials.keys().filter(of_group).map(|(_, id)| id.as_str());
    let skipped = match product.parameters.get("NextToken") {
        None => (page - 1).saturating_mul(size),
        Some(token) => {
            let last = unhex(token).ok_or_else(|| product.invalid("NextToken"))?;
            all().take_while(|id| *id <= last.as_str()).count()
        }
    };
    let ids: Vec<&str> = all().skip(skipped).take(size).collect();
    let total = all().count();
    let mut members = Map::new();
    members.insert("Total".to_owned(), json!(total.to_string()));
    members.insert("ClientIdList".to_owned(), json!(ids));
    members.insert("PageNo".to_owned(), json!(page.to_string()));
    members.insert("PageSize".to_owned(), json!(size.to_string()));
    if let Some(last) = ids.last().filter(|_| skipped + ids.len() < total) {
        members.insert("NextToken".to_owned(), json!(signature::hex(last.as_bytes())));
    }
    Ok(Map::from_iter([("DeviceCredentialClientIdList".to_owned(), members.into())]))
}

fn unhex(token: &str) -> Option<String> {
    let good = token.len().is_multiple_of(2) && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    let pairs = token.as_bytes().chunks(2).map(String::from_utf8_lossy);
    let text = pairs.fold(String::new(), |text, pair| text + "%" + &pair);
    good.then(|| percent_decode(&text, false))
}
