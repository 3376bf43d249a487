//! First inputs, made of the vectors that the tests have: answers, requests, signatures, logins.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::operations::{Operation, Platform, all};
use crate::parts::SEPARATOR;

mod arguments;

/// Targets, each with inputs.
pub fn all_seeds() -> Vec<(&'static str, Vec<u8>)> {
    let mut seeds = Vec::new();
    let operations = all();
    for (number, operation) in operations.iter().enumerate() {
        for vector in vectors(operation) {
            let status = vector["response"]["status"].as_u64().unwrap_or(200);
            let body = text(&vector["response"]["body"]);
            seeds.push(("json", body.clone().into_bytes()));
            seeds.push(("decode", answer(number, status, &body)));
            if operation.card.is_some() {
                let choice = card_choice(&operations, number);
                seeds.push(("arguments", argument(choice, &vector["input"])));
                seeds.push(("sign", request(number, &vector["input"])));
            }
        }
    }
    seeds.extend(answers_of_gateways(operations.len()));
    seeds.extend(signatures());
    seeds.extend(logins());
    seeds.extend(arguments::all());
    let texts = [
        r#" [ "\"\\\/\b\f\n\r\t\u4e2d" , "\ud83d\ude00" , "\ud83d\u0041" , "\ude00" , "\ud83d" ] "#,
        "[0, -7, 1.5, -2.5E-3, 1e400, 9007199254740993, 999999999999999, 007, 1., -0]",
        "{\"a\":1,\"a\":{\"b\":[]},\"\":null}",
        "{}\0{",
    ];
    seeds.extend(texts.map(|text| ("json", text.as_bytes().to_vec())));
    seeds.push(("json", ["[".repeat(40), "]".repeat(40)].concat().into_bytes()));
    seeds.extend((0..64).map(|number| ("session", plan(number))));
    seeds.extend((0..64).map(|number| ("policies", plan(number))));
    seeds
}

/// Bytes of which a plan is made, by xorshift.
fn plan(number: u64) -> Vec<u8> {
    let mut state = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let byte = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    });
    byte.take(384).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors")
}

fn read(path: &Path) -> Value {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

/// The vectors of a northbound operation.
fn vectors(operation: &Operation) -> Vec<Value> {
    if operation.platform == Platform::Aliyun {
        return Vec::new();
    }
    let files = fs::read_dir(folder().join(operation.name)).expect("a folder of vectors");
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    files.iter().map(|file| read(file)).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A number that fits into a choice.
fn byte(number: usize) -> u8 {
    u8::try_from(number).expect("few of them")
}

fn joined(choices: &[u8], parts: &[&str]) -> Vec<u8> {
    let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
    [choices, &parts.join(&SEPARATOR)].concat()
}

/// An answer that has come, with the secret of the vectors.
fn answer(number: usize, status: u64, body: &str) -> Vec<u8> {
    let statuses = [200, 200, 200, 201, 204, 299, 400, 401, 403, 404, 407, 429, 500, 503, 302, 0];
    let at = statuses.iter().position(|known| *known == status).unwrap_or(12);
    joined(&[byte(number), byte(at), 0, 0], &["s+e/c=r&t%", "content-type: application/json", body])
}

/// What both platforms and what stands before them answer, the secret echoed in each encoding.
fn answers_of_gateways(operations: usize) -> Vec<(&'static str, Vec<u8>)> {
    let bodies = [
        "{\"Code\":\"SignatureDoesNotMatch\",\"Message\":\"is:\u{1f}\",\"RequestId\":\"R-1\"}",
        "<?xml version='1.0'?><Error><RequestId>R-1</RequestId><Code>Throttling.User</Code><Message>\u{1f}</Message></Error>",
        "{\"error_code\":\"100022\",\"error_desc\":\"secret \u{1f}\"}",
        "<html>502 \u{1f}</html>",
        "{\"accessToken\":\"\u{1f}\",\"expiresIn\":\"x\"",
        "{\"RequestId\":\"R\",\"DeviceCredential\":{\"ClientId\":\"GID@@@d\",\"InstanceId\":\"i\",\"DeviceAccessKeyId\":\"DC\",\"DeviceAccessKeySecret\":\"k\",\"CreateTime\":\"1\",\"UpdateTime\":2}}",
        "{\"RequestId\":\"R\",\"DeviceCredentialClientIdList\":{\"Total\":1,\"PageNo\":1,\"PageSize\":\"100\",\"NextToken\":\"\",\"ClientIdList\":[\"GID@@@d\"]}}",
        "{\"RequestId\":\"R\",\"Token\":\"LzMT+XLFl5u\"}",
        "{\"RequestId\":\"R\",\"TokenStatus\":true}",
        "",
    ];
    let headers = "retry-after: 7\nx-ratelimit-user: Limit:1,Remain:0,TimeLeft:2000,Reset:1\nx-acs-retry-after: 9";
    let mut seeds = Vec::new();
    for (at, body) in bodies.iter().enumerate() {
        for number in 0..operations {
            let status = [0, 6, 12, 13][(at + number) % 4];
            let encoding = byte((at * operations + number) % 56);
            let choices = [byte(number), status, encoding, 0];
            seeds.push((
                "decode",
                joined(&choices, &["p\\ss\"w\u{f6}rd <&%2B> 12345678", headers, body]),
            ));
        }
        seeds.push(("json", body.as_bytes().to_vec()));
    }
    // The cut splits one of many, which are shorter when they are hidden.
    let secret: String =
        std::iter::once("k".to_owned()).chain((0..64).map(|at| format!("{at:04x}"))).collect();
    seeds.push(("decode", joined(&[3, 12, 0, 0], &[&secret, "", &"\u{1f} ".repeat(200)])));
    for body in ["a=1&secret=\u{1f}&b=2", "{\"psk\":\"\u{1f}\"}", "<Token>\u{1f}</Token>"] {
        seeds.push((
            "decode",
            joined(&[3, 12, 0, 0], &["Long, s+e/c=r&t%1 <and> \"longer\"", "", body]),
        ));
    }
    let number = "{\"verifyCode\":\"v\",\"timeout\":3000000000}";
    seeds.push(("decode", joined(&[3, 0, 0, 0], &["3000000000", "", number])));
    seeds
}

/// The byte that chooses an operation among those that take an input.
fn card_choice(operations: &[Operation], number: usize) -> u8 {
    let before = operations[..number].iter().filter(|operation| operation.card.is_some()).count();
    byte(before * 16)
}

fn argument(choice: u8, value: &Value) -> Vec<u8> {
    [&[choice], value.to_string().as_bytes()].concat()
}

/// Members as `name=value`.
fn members(input: &Value) -> Vec<String> {
    let members = input.as_object().into_iter().flatten();
    members
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| match value {
            Value::String(text) => format!("{name}={text}"),
            other => format!("{name}={other}"),
        })
        .collect()
}

fn request(number: usize, input: &Value) -> Vec<u8> {
    let members = members(input);
    let mut parts = vec!["app1", "s+e/c=r&t%", "https://10.0.0.1:8743", "at-1"];
    parts.extend(members.iter().map(String::as_str));
    joined(&[3, byte(number)], &parts)
}

/// What the vendor's SDK signed.
fn signatures() -> Vec<(&'static str, Vec<u8>)> {
    let ours: Vec<Operation> =
        all().into_iter().filter(|it| it.platform == Platform::Aliyun).collect();
    let mut seeds = Vec::new();
    for (file, scheme) in [("acs3-onsmqtt-node.json", 0), ("rpc-v1-onsmqtt-node.json", 0x80)] {
        for vector in read(&folder().join("aliyun").join(file)).as_array().expect("a list") {
            let input = &vector["input"];
            let action = text(&input["action"]);
            let at =
                ours.iter().position(|it| it.name.eq_ignore_ascii_case(&action)).expect("ours");
            let key = &input["credential"];
            let endpoint = format!("http://{}", text(&input["endpoint"]));
            let (id, secret, token) = (
                text(&key["accessKeyId"]),
                text(&key["accessKeySecret"]),
                text(&key["securityToken"]),
            );
            let nonce = text(&input["nonce"]);
            let members = members(&input["params"]);
            let mut parts = vec![id.as_str(), &secret, &token, &nonce, &endpoint];
            parts.extend(members.iter().map(String::as_str));
            // As many operations as divide the part of the choice that is no scheme.
            let choice = (scheme..=u8::MAX).find(|choice| usize::from(*choice) % ours.len() == at);
            seeds.push(("sign", joined(&[2, choice.expect("one of them")], &parts)));
            let target = text(&vector["request"]["target"]);
            let query: Vec<String> =
                target.trim_start_matches("/?").split('&').map(|pair| format!("?{pair}")).collect();
            let mut parts = vec![secret.as_str(), ""];
            parts.extend(query.iter().map(String::as_str));
            parts.extend([":host=h", ":x-acs-date=2026-01-02T03:04:05Z", ":content-type= a\tb "]);
            seeds.push(("sign", joined(&[0, 0], &parts)));
            seeds.push(("sign", joined(&[1, 1], &parts)));
        }
    }
    seeds.push(("sign", joined(&[5, 0], &["s+e/c=r&t% \u{4e2d}~*", "951782400"])));
    seeds.push(("sign", joined(&[5, 0], &["Fri, 02 Jan 2026 03:04:05 GMT", "253402300799"])));
    seeds
}

fn logins() -> Vec<(&'static str, Vec<u8>)> {
    let logins = read(&folder().join("aliyun/mqtt-connect.json"));
    let mut seeds = Vec::new();
    for login in logins["hmac"].as_array().expect("a list") {
        let is_account = login["mode"] == "Signature";
        let names = if is_account {
            ["accessKeyId", "accessKeySecret"]
        } else {
            ["deviceAccessKeyId", "deviceAccessKeySecret"]
        };
        let [client, instance, id, key] =
            ["clientId", "instanceId", "id", "secret"].map(|name| text(&login[name]));
        seeds.push(("sign", joined(&[4, u8::from(is_account)], &[&client, &instance, &id, &key])));
        let input =
            json!({ "clientId": client, "instanceId": instance, names[0]: id, names[1]: key });
        seeds.push(("arguments", argument(13 + u8::from(is_account), &input)));
    }
    seeds.push((
        "sign",
        joined(&[4, 2], &["GID_a@@@1", "post-cn-1", "LTAI", "RW=tok+en/==", "R=x"]),
    ));
    let tokens = json!([{ "actions": "RW", "token": "tok+en/==" }]);
    let input = json!({ "clientId": "GID_a@@@1", "instanceId": "i", "accessKeyId": "LTAI", "tokens": tokens });
    seeds.push(("arguments", argument(15, &input)));
    seeds
}
