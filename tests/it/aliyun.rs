//! Signing and logins against what the vendor's own SDK signed and what its documents print.

use northbound::address::Surroundings;
use northbound::aliyun::device_credentials::{CHAPTER, GET_DEVICE_CREDENTIAL};
use northbound::aliyun::signature::{Signed, acs3, rpc, sha256_hex};
use northbound::aliyun::{
    Credentials, OnsMqttConfig, Stamp, client_tokens, decode, errors, mqtt_login,
};
use northbound::error::Error;
use northbound::error::catalogue::lookup;
use northbound::fields::Fields;
use northbound::json::Json;
use northbound::request::Request;
use northbound::types::Secret;
use serde_json::Value;

use crate::support::{answer, fields, is_row, json, text};

const ACS3_VECTORS: &str = include_str!("../vectors/aliyun/acs3-onsmqtt-node.json");
const RPC_VECTORS: &str = include_str!("../vectors/aliyun/rpc-v1-onsmqtt-node.json");
const PUBLISHED: &str = include_str!("../vectors/aliyun/published-doc-vectors.json");
const LOGINS: &str = include_str!("../vectors/aliyun/mqtt-connect.json");

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn secret(text: &Value) -> Secret {
    Secret::new(text.as_str().unwrap().to_owned())
}

/// Pairs of a query, decoded: a plus is a blank.
fn query_of(target: &str) -> Vec<(String, String)> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), percent_decoded(&value.replace('+', " "))))
        .collect()
}

fn percent_decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        let (hex, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(hex, 16).unwrap());
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).unwrap()
}

fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[test]
fn what_the_vendors_sdk_signed_in_headers_is_signed_the_same() {
    for vector in value(ACS3_VECTORS).as_array().unwrap() {
        let request = &vector["request"];
        let query = query_of(request["target"].as_str().unwrap());
        let headers: Vec<(String, String)> = request["headers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| {
                (pair[0].as_str().unwrap().to_lowercase(), pair[1].as_str().unwrap().into())
            })
            .collect();
        let key = secret(&vector["input"]["credential"]["accessKeySecret"]);
        let signed =
            acs3("POST", "/", &borrowed(&query), &borrowed(&headers), &sha256_hex(b""), &key);
        let expected = &vector["sdkIntermediates"];
        let id = &vector["id"];
        assert_eq!(signed.canonical, expected["canonicalRequest"], "{id}");
        assert_eq!(signed.string_to_sign, expected["stringToSign"], "{id}");
        assert_eq!(signed.signature, expected["signature"], "{id}");
        let (_, authorization) = headers.iter().find(|(name, _)| name == "authorization").unwrap();
        assert!(authorization.ends_with(&tail(&signed)), "{id}");
    }
}

fn tail(signed: &Signed) -> String {
    format!("SignedHeaders={},Signature={}", signed.signed_headers, signed.signature)
}

#[test]
fn what_the_vendors_sdk_signed_among_the_parameters_is_signed_the_same() {
    for vector in value(RPC_VECTORS).as_array().unwrap() {
        let all = query_of(vector["request"]["target"].as_str().unwrap());
        let (signature, parameters): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|(name, _)| name == "Signature");
        let key = secret(&vector["input"]["credential"]["accessKeySecret"]);
        let signed = rpc("POST", &borrowed(&parameters), &key);
        assert_eq!(signed.string_to_sign, vector["sdkIntermediates"]["stringToSign"]);
        assert_eq!(signed.signature, signature[0].1, "{}", vector["id"]);
    }
}

#[test]
fn what_the_vendors_documents_print_is_signed_the_same() {
    let published = value(PUBLISHED);
    let v3 = &published["v3RunInstances"];
    let query = pairs(&v3["input"]["query"]);
    let headers = pairs(&v3["input"]["headers"]);
    let key = secret(&v3["accessKeySecret"]);
    let signed = acs3("POST", "/", &borrowed(&query), &borrowed(&headers), &sha256_hex(b""), &key);
    assert_eq!(signed.signature, v3["publishedSignature"]);
    assert!(v3["authorization"].as_str().unwrap().ends_with(&tail(&signed)));
    for name in ["rpcDescribeRegions", "rpcDescribeDedicatedHosts"] {
        let vector = &published[name];
        let parameters = pairs(&vector["params"]);
        let signed = rpc("GET", &borrowed(&parameters), &secret(&vector["accessKeySecret"]));
        assert_eq!(signed.signature, vector["publishedSignature"], "{name}");
    }
}

fn pairs(object: &Value) -> Vec<(String, String)> {
    let members = object.as_object().unwrap().iter();
    members.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
}

/// The request that we prepare for what a vector asks.
fn prepared(vector: &Value, scheme: &str) -> Request {
    let input = &vector["input"];
    let config = format!(
        r#"{{"endpoint":"http://{}","signature":"{scheme}"}}"#,
        input["endpoint"].as_str().unwrap()
    );
    let config = Fields::of("config", json(&config)).unwrap();
    let config = OnsMqttConfig::read(config, &Surroundings::default()).unwrap();
    let credentials = Fields::of("credentials", json(&input["credential"].to_string())).unwrap();
    let credentials = Credentials::read(credentials).unwrap();
    let action = input["action"].as_str().unwrap();
    let card =
        CHAPTER.iter().find(|card| card.endpoint.operation.eq_ignore_ascii_case(action)).unwrap();
    let mut parameters = input["params"].clone();
    for number in ["pageSize", "pageNo"] {
        if let Some(text) = parameters[number].as_str() {
            parameters[number] = Value::from(text.parse::<u32>().unwrap());
        }
    }
    let parameters: serde_json::Map<String, Value> = parameters
        .as_object()
        .unwrap()
        .clone()
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .collect();
    let mut fields = fields(&Value::Object(parameters).to_string());
    let draft = card.draft(&mut fields).unwrap();
    fields.close().unwrap();
    // 2026-01-02T03:04:05Z, as in the vectors.
    let stamp = Stamp::new(input["nonce"].as_str().unwrap().to_owned(), 1_767_323_045_000.0);
    config.request(&draft, &credentials, stamp)
}

#[test]
fn what_we_send_asks_the_same_as_what_the_vendors_sdk_sends() {
    for vector in value(ACS3_VECTORS).as_array().unwrap() {
        let request = prepared(vector, "ACS3-HMAC-SHA256");
        let mut ours = query_of(&request.url);
        let mut theirs = query_of(vector["request"]["target"].as_str().unwrap());
        ours.sort();
        theirs.sort();
        assert_eq!(ours, theirs, "{}", vector["id"]);
        assert_eq!((request.method.as_str(), request.body), ("POST", None));
        let sdk = vector["request"]["headers"].as_array().unwrap();
        for (name, value) in &request.headers {
            if *name != "authorization" {
                let theirs = sdk.iter().find(|pair| pair[0] == *name).unwrap();
                assert_eq!(theirs[1], value.as_str(), "{name}");
            }
        }
    }
}

#[test]
fn the_older_signature_needs_no_header_and_no_address_with_secrets_in_it() {
    for vector in value(RPC_VECTORS).as_array().unwrap() {
        let request = prepared(vector, "HMAC-SHA1");
        assert_eq!(request.url, "http://127.0.0.1:18080/");
        let headers = [("content-type", "application/x-www-form-urlencoded".to_owned())];
        assert_eq!(request.headers, headers);
        let body = format!("?{}", request.body.unwrap());
        let (mut signature, mut parameters): (Vec<_>, Vec<_>) =
            query_of(&body).into_iter().partition(|(name, _)| name == "Signature");
        let key = secret(&vector["input"]["credential"]["accessKeySecret"]);
        let signed = rpc("POST", &borrowed(&parameters), &key);
        assert_eq!(signed.signature, signature.pop().unwrap().1);
        // But for the spelling of the format the parameters are the vendor's own.
        let mut theirs = query_of(vector["request"]["target"].as_str().unwrap());
        theirs.retain(|(name, _)| name != "Signature" && name != "Format");
        parameters.retain(|(name, _)| name != "Format");
        theirs.sort();
        parameters.sort();
        assert_eq!(parameters, theirs);
    }
}

#[test]
fn mqtt_logins_are_the_ones_that_independent_implementations_compute() {
    let logins = value(LOGINS);
    for login in logins["hmac"].as_array().unwrap() {
        let (id, key) = match login["mode"].as_str().unwrap() {
            "Signature" => ("accessKeyId", "accessKeySecret"),
            _ => ("deviceAccessKeyId", "deviceAccessKeySecret"),
        };
        let input = serde_json::json!({
            "clientId": login["clientId"], "instanceId": login["instanceId"],
            id: login["id"], key: login["secret"],
        });
        let mut input = fields(&input.to_string());
        let made = match id {
            "accessKeyId" => mqtt_login::signature(&mut input),
            _ => mqtt_login::device(&mut input),
        };
        assert_login(&made.unwrap(), login);
    }
    for login in logins["token"].as_array().unwrap() {
        let username: Vec<&str> = login["username"].as_str().unwrap().split('|').collect();
        let tokens: Vec<Value> = login["tokens"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| serde_json::json!({ "actions": pair[0], "token": pair[1] }))
            .collect();
        let input = serde_json::json!({
            "clientId": login["clientId"], "instanceId": username[2],
            "accessKeyId": username[1], "tokens": tokens,
        });
        assert_login(&mqtt_login::token(&mut fields(&input.to_string())).unwrap(), login);
    }
}

#[track_caller]
fn assert_login(made: &Json, expected: &Value) {
    let made: Value = value(&text(made));
    for member in ["clientId", "username", "password"] {
        assert_eq!(made[member], expected[member]);
    }
}

#[test]
fn no_row_of_the_documented_errors_is_lost() {
    let rows = value(include_str!("../vectors/catalogue/aliyun-errors.json"));
    let rows = rows.as_array().unwrap();
    assert_eq!((rows.len(), errors::ERRORS.entries().count()), (34, 34));
    for row in rows {
        let found = errors::ERRORS.entries().any(|entry| is_row(row, &entry));
        assert!(found, "{row}");
    }
}

#[test]
fn a_code_with_a_parameters_name_is_found_by_its_template() {
    let entry = lookup(&errors::ERRORS, "getDeviceCredential", 400, "InvalidParameter.ClientId");
    assert_eq!(entry.unwrap().code, "InvalidParameter.%s");
    let exact = lookup(&errors::ERRORS, "getDeviceCredential", 400, "MissingTimestamp");
    assert_eq!(exact.unwrap().code, "MissingTimestamp");
    assert!(lookup(&errors::ERRORS, "getDeviceCredential", 400, "Nothing").is_none());
}

fn refusal_of(status: u16, body: &str, secrets: &[Secret]) -> northbound::error::Refusal {
    let result =
        decode("getDeviceCredential", answer(status, body), secrets, &GET_DEVICE_CREDENTIAL.answer);
    let Err(Error::Platform(refusal)) = result else { panic!("{result:?}") };
    *refusal
}

#[test]
fn a_refusal_is_read_from_json_and_from_xml() {
    let json = r#"{"RequestId":"R-1","Message":"Specified access key is not found.","Code":"InvalidAccessKeyId.NotFound"}"#;
    let xml = "<?xml version='1.0'?><Error><RequestId>R-1</RequestId><HostId>h</HostId>\
               <Code>InvalidAccessKeyId.NotFound</Code>\
               <Message>Specified access key is not found.</Message></Error>";
    for body in [json, xml] {
        let refusal = refusal_of(404, body, &[]);
        assert_eq!(refusal.code, "InvalidAccessKeyId.NotFound");
        assert_eq!(refusal.description, "Specified access key is not found.");
        assert_eq!(refusal.request_id.as_deref(), Some("R-1"));
        assert!(refusal.entry.is_some());
    }
}

#[test]
fn an_echoed_string_to_sign_is_shown_without_key_token_and_signature() {
    let secrets: Vec<Secret> = ["LTAI5tKey", "CAIS+to/ken==", "sig+na/ture="]
        .map(|secret| Secret::new(secret.to_owned()))
        .to_vec();
    let echo = "POST&%2F&AccessKeyId%3DLTAI5tKey%26SecurityToken%3DCAIS%252Bto%252Fken%253D%253D\
                %26Signature%3Dsig%2Bna%2Fture%3D";
    let body = format!(r#"{{"Code":"SignatureDoesNotMatch","Message":"is:{echo}"}}"#);
    let refusal = refusal_of(400, &body, &secrets);
    for part in ["LTAI5tKey", "CAIS", "sig%2Bna"] {
        assert!(!refusal.description.contains(part), "{}", refusal.description);
    }
    assert!(refusal.description.contains("AccessKeyId%3D•••"), "{}", refusal.description);
}

#[test]
fn a_token_goes_into_the_body_and_into_no_address() {
    let card =
        client_tokens::CHAPTER.iter().find(|c| c.endpoint.operation == "queryToken").unwrap();
    let draft = card.draft(&mut fields(r#"{"instanceId":"i","token":"s3cr3t"}"#)).unwrap();
    let config = Fields::of("config", json(r#"{"regionId":"cn-hangzhou"}"#)).unwrap();
    let config = OnsMqttConfig::read(config, &Surroundings::default()).unwrap();
    let credentials = json(r#"{"accessKeyId":"id","accessKeySecret":"key"}"#);
    let credentials = Credentials::read(Fields::of("credentials", credentials).unwrap()).unwrap();
    let request = config.request(&draft, &credentials, Stamp::new("n".into(), 0.0));
    assert_eq!(request.url, "https://onsmqtt.cn-hangzhou.aliyuncs.com/");
    assert_eq!(request.body.as_deref(), Some("InstanceId=i&Token=s3cr3t"));
}
