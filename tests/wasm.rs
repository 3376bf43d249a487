//! What only a real JavaScript engine can show: what crosses, calls that run and end, promises.

#![cfg(target_arch = "wasm32")]

#[cfg(test)]
mod tests {
    use std::sync::Once;

    use js_sys::{Function, JSON, Object, Promise, Reflect};
    use northbound::aliyun::{client_tokens, device_credentials};
    use northbound::huawei::authentication::OPERATIONS;
    use northbound::huawei::registration;
    use northbound::js::convert::text;
    use northbound::js::table::{attach, ended, enter};
    use northbound::js::{compute, poll, remove, settle};
    use northbound::json::Json;
    use wasm_bindgen::prelude::*;
    use wasm_bindgen_futures::JsFuture;
    use wasm_bindgen_test::wasm_bindgen_test;

    const NO_CLIENT: u32 = u32::MAX;
    const DEVICE: &str = r#""input":{"deviceId":"d"}"#;

    fn parse(text: &str) -> JsValue {
        JSON::parse(text).unwrap()
    }

    /// The value that a text says.
    fn read(text: &str) -> Json {
        Json::parse(text).unwrap_or(Json::Null)
    }

    /// What `JSON.stringify` writes of what a text says.
    fn rewritten(text: &str) -> String {
        JSON::stringify(&parse(text)).unwrap().into()
    }

    fn member(value: &JsValue, name: &str) -> JsValue {
        Reflect::get(value, &name.into()).unwrap()
    }

    fn text_of(value: &JsValue, name: &str) -> String {
        member(value, name).as_string().unwrap_or_default()
    }

    fn number(value: &JsValue) -> u32 {
        value
            .clone()
            .try_into()
            .map_err(|found| format!("{value:?}: {found:?}"))
            .and_then(|number: f64| format!("{number}").parse().map_err(|_| format!("{number}")))
            .unwrap()
    }

    fn object(members: &[(&str, &JsValue)]) -> JsValue {
        let object = Object::new();
        for (name, value) in members {
            Reflect::set(&object, &(*name).into(), value).unwrap();
        }
        object.into()
    }

    /// Gives `host.js` what `api.js` gives it.
    fn attached() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let compute = Closure::<dyn Fn(u32, String) -> String>::new(|client, given: String| {
                compute(client, &given)
            });
            let settle =
                Closure::<dyn Fn(u32, String, Vec<u8>)>::new(|ticket, answer: String, body| {
                    settle(ticket, &answer, body);
                });
            attach(&object(&[
                ("compute", &compute.into_js_value()),
                ("poll", &Closure::<dyn Fn(u32) -> String>::new(poll).into_js_value()),
                ("settle", &settle.into_js_value()),
                ("remove", &Closure::<dyn Fn(u32)>::new(remove).into_js_value()),
            ]));
        });
    }

    /// An operation with what it takes, the members of a JSON object.
    fn of(operation: &str, members: &str) -> String {
        format!(r#"{{"operation":"{operation}",{members}}}"#)
    }

    fn given(more: &str) -> String {
        let info = r#"{"appId":"app1","secret":"s","baseUrl":"http://127.0.0.1:1"}"#;
        format!(r#""input":{info}{more}"#)
    }

    /// A client that sends by `fetch`.
    fn client_by(fetch: &Function) -> u32 {
        attached();
        let host = enter(&object(&[("fetch", fetch)]));
        let given = of("NorthApiClient", &given(&format!(r#","host":{host}"#)));
        let made = compute(NO_CLIENT, &given);
        number(&parse(&made))
    }

    /// A client whose fetch answers `body` with `status`, and a login with a token.
    fn client(status: u16, body: &str) -> u32 {
        let login = r#"{"accessToken":"t","tokenType":"bearer","refreshToken":"r","expiresIn":60,"scope":"default"}"#;
        let script = format!(
            "const login = url.endsWith('/login'); const text = login ? {login:?} : {body:?};
         return Promise.resolve({{ status: login ? 200 : {status}, headers: new Map(),
           arrayBuffer: async () => new TextEncoder().encode(text).buffer }})"
        );
        client_by(&Function::new_with_args("url, init", &script))
    }

    /// A call; its promise gives the outcome.
    fn call(client: u32, operation: &str, given: &str, aborted: &JsValue) -> Promise {
        let task = number(&parse(&compute(client, &of(operation, given))));
        let read = Function::new_with_args("text", "return JSON.parse(text)");
        ended(task, aborted, &read).unchecked_into()
    }

    async fn settled(promise: Promise) -> Result<JsValue, JsValue> {
        JsFuture::from(promise).await
    }

    #[wasm_bindgen_test]
    fn every_kind_of_value_is_read() {
        for json in [
            r#"{"a":null,"b":true,"c":1,"d":1.5,"e":"中","f":[1,"x"],"g":{"h":{}},"i":[],"j":false}"#,
            r#"[0,-1,-1.5,123456789012345,9007199254740991,[[]],[{}],{"":""}]"#,
            r#""quote \" backslash \\ \n\r\t\b\f \u0000\u001f / 中😀""#,
        ] {
            let written = text(&read(&rewritten(json)));
            assert_eq!(rewritten(&written), rewritten(json));
        }
    }

    #[wasm_bindgen_test]
    fn every_number_is_read_as_javascript_writes_it() {
        for number in [1e21, 1.5e-7, 5e-324, f64::MAX, 9_007_199_254_740_992.0, -0.1, 1e15, 1e16] {
            let written = String::from(JSON::stringify(&number.into()).unwrap());
            assert!(read(&written) == Json::Number(number), "{written}");
        }
    }

    #[wasm_bindgen_test]
    fn half_of_a_surrogate_pair_is_no_character() {
        assert!(read(&rewritten(r#""a\ud800b""#)) == Json::from("a\u{fffd}b"));
    }

    #[wasm_bindgen_test]
    fn a_value_nested_without_end_does_not_exhaust_the_stack() {
        let text = format!(r#"{}"]",1{}"#, "[".repeat(20_000), "]".repeat(20_000));
        let mut levels = 0;
        let mut value = read(&text);
        while let Json::List(mut list) = value {
            levels += 1;
            value = list.swap_remove(0);
        }
        assert_eq!(levels, 32);
        assert!(value == Json::Null);
    }

    #[wasm_bindgen_test]
    async fn a_result_comes_with_the_names_of_its_secrets() {
        let client = client(200, r#"{"verifyCode":"c","timeout":180}"#);
        let call = call(client, "refreshDeviceKey", DEVICE, &JsValue::UNDEFINED);
        let outcome = settled(call).await.unwrap();
        let result = member(&outcome, "result");
        assert_eq!(text_of(&result, "verifyCode"), "c");
        assert_eq!(Object::keys(result.unchecked_ref::<Object>()).length(), 2);
        assert_eq!(text_of(&outcome, "secrets"), "verifyCode");
    }

    #[wasm_bindgen_test]
    async fn a_refusal_is_told_with_what_to_do() {
        let client = client(400, r#"{"error_code":"100611","error_desc":"Device is online."}"#);
        let call = call(client, "refreshDeviceKey", DEVICE, &JsValue::UNDEFINED);
        let error = member(&settled(call).await.unwrap(), "error");
        assert_eq!(text_of(&error, "kind"), "platform");
        assert_eq!(text_of(&error, "code"), "100611");
        assert_eq!(text_of(&error, "action"), "take-device-offline");
    }

    #[wasm_bindgen_test]
    async fn an_abort_rejects_with_nothing_and_ends_the_request() {
        let never = Function::new_with_args(
            "url, init",
            "init.signal.addEventListener('abort', () => { globalThis.northboundAborted = true });
         globalThis.northboundSent?.(); return new Promise(() => {})",
        );
        let sent = Promise::new(&mut |resolve, _| {
            Reflect::set(&js_sys::global(), &"northboundSent".into(), &resolve).unwrap();
        });
        let client = client_by(&never);
        let outcome = settled(call(client, "getAuthToken", r#""options":{}"#, &sent)).await;
        assert_eq!(outcome.unwrap_err(), JsValue::UNDEFINED);
        assert_eq!(member(&js_sys::global(), "northboundAborted"), JsValue::TRUE);
    }

    #[wasm_bindgen_test]
    async fn a_client_that_is_freed_still_answers() {
        let client = client(200, r#"{"deviceId":"d","activated":false}"#);
        let call = call(client, "queryDeviceStatus", DEVICE, &JsValue::UNDEFINED);
        remove(client);
        let outcome = settled(call).await.unwrap();
        assert_eq!(member(&member(&outcome, "result"), "activated"), JsValue::FALSE);
    }

    #[wasm_bindgen_test]
    fn a_wrong_argument_names_the_member() {
        let argument = |outcome: &str| text_of(&member(&parse(outcome), "error"), "argument");
        let wrong = r#""input":{"appId":"a","secret":"s","platformIp":"h","platformPort":70000}"#;
        let outcome = compute(NO_CLIENT, &of("NorthApiRequests", wrong));
        assert_eq!(argument(&outcome), "clientInfo.platformPort");
        let made = parse(&compute(NO_CLIENT, &of("NorthApiRequests", &given(""))));
        let given = r#""input":{"deviceId":"d","verifycode":"1"},"options":{"accessToken":"t"}"#;
        let client = number(&made);
        assert_eq!(argument(&compute(client, &of("refreshDeviceKey", given))), "input.verifycode");
    }

    #[wasm_bindgen_test]
    fn every_operation_has_a_method() {
        let api = include_str!("../src/js/api.js");
        let chapters = [registration::CHAPTER, device_credentials::CHAPTER, client_tokens::CHAPTER];
        let cards = chapters.into_iter().flatten().map(|card| card.endpoint.operation);
        for name in OPERATIONS.iter().copied().chain(cards) {
            assert!(api.contains(&format!("'{name}'")), "{name}");
        }
    }

    #[wasm_bindgen_test]
    fn the_catalogue_reaches_javascript_whole() {
        let outcome = compute(NO_CLIENT, r#"{"operation":"errorCatalogue"}"#);
        let catalogue = text_of(&parse(&outcome), "result");
        assert_eq!(catalogue.lines().count(), 87 + 34);
        let first =
            "huawei-northbound 500 50252 contact-platform true getAuthToken refreshAuthToken ";
        assert!(catalogue.starts_with(first), "{catalogue}");
    }
}
