//! What only a real JavaScript engine can show: reading values, error classes, settled promises.

#![cfg(target_arch = "wasm32")]

#[cfg(test)]
mod tests {
    use js_sys::{Function, JSON, Object, Promise, Reflect};
    use northbound::js::client::NorthApiClient;
    use northbound::js::convert::from_js;
    use northbound::js::requests::{NorthApiRequests, catalogue_text};
    use northbound::json::Json;
    use wasm_bindgen::prelude::*;
    use wasm_bindgen_futures::JsFuture;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn parse(text: &str) -> JsValue {
        JSON::parse(text).unwrap()
    }

    fn member(value: &JsValue, name: &str) -> JsValue {
        Reflect::get(value, &name.into()).unwrap()
    }

    fn text_of(value: &JsValue, name: &str) -> String {
        member(value, name).as_string().unwrap_or_default()
    }

    fn client_info() -> JsValue {
        parse(r#"{"appId":"app1","secret":"s","baseUrl":"http://127.0.0.1:1"}"#)
    }

    /// A client whose fetch answers `body` with `status`, and a login with a token.
    fn client(status: u16, body: &str) -> NorthApiClient {
        let login = r#"{"accessToken":"t","tokenType":"bearer","refreshToken":"r","expiresIn":60,"scope":"default"}"#;
        let script = format!(
            "const login = url.endsWith('/login'); const text = login ? {login:?} : {body:?};
         return Promise.resolve({{ status: login ? 200 : {status}, headers: new Map(),
           arrayBuffer: async () => new TextEncoder().encode(text).buffer }})"
        );
        let fetch = Function::new_with_args("url, init", &script);
        NorthApiClient::new(client_info(), JsValue::UNDEFINED, None, Some(fetch), None, None, false)
            .unwrap()
    }

    async fn settled(promise: Promise) -> Result<JsValue, JsValue> {
        JsFuture::from(promise).await
    }

    #[wasm_bindgen_test]
    fn every_kind_of_value_is_read() {
        let text = r#"{"a":null,"b":true,"c":1,"d":1.5,"e":"中","f":[1,"x"],"g":{"h":{}},"i":9007199254740993}"#;
        let mut written = String::new();
        from_js(parse(text)).unwrap().write(&mut written);
        assert!(
            written.starts_with(
                r#"{"a":null,"b":true,"c":1,"d":1.5,"e":"中","f":[1,"x"],"g":{"h":{}}"#
            )
        );
        assert_eq!(from_js(JsValue::UNDEFINED), None);
        assert_eq!(from_js(JsValue::NULL), Some(Json::Null));
    }

    #[wasm_bindgen_test]
    fn a_value_nested_without_end_does_not_exhaust_the_stack() {
        let text = format!("{}1{}", "[".repeat(20_000), "]".repeat(20_000));
        assert!(from_js(parse(&text)).is_some());
    }

    #[wasm_bindgen_test]
    async fn a_result_is_a_plain_object() {
        let client = client(200, r#"{"verifyCode":"c","timeout":180}"#);
        let input = parse(r#"{"deviceId":"d"}"#);
        let result =
            settled(client.refresh_device_key(input, JsValue::UNDEFINED, None)).await.unwrap();
        assert_eq!(text_of(&result, "verifyCode"), "c");
        assert_eq!(Object::keys(result.unchecked_ref::<Object>()).length(), 2);
    }

    #[wasm_bindgen_test]
    async fn a_refusal_is_an_instance_of_its_class() {
        let client = client(400, r#"{"error_code":"100611","error_desc":"Device is online."}"#);
        let input = parse(r#"{"deviceId":"d"}"#);
        let error =
            settled(client.refresh_device_key(input, JsValue::UNDEFINED, None)).await.unwrap_err();
        assert!(error.is_instance_of::<js_sys::Error>());
        assert_eq!(text_of(&error, "name"), "PlatformError");
        assert_eq!(text_of(&error, "code"), "100611");
        assert_eq!(text_of(&error, "action"), "take-device-offline");
    }

    #[wasm_bindgen_test]
    async fn an_abort_rejects_with_nothing_and_ends_the_request() {
        let never = Function::new_with_args(
            "url, init",
            "init.signal.addEventListener('abort', () => { globalThis.northboundAborted = true });
         return new Promise(() => {})",
        );
        let client = NorthApiClient::new(
            client_info(),
            JsValue::UNDEFINED,
            None,
            Some(never),
            None,
            None,
            false,
        )
        .unwrap();
        let aborted = Promise::new(&mut |resolve, _| {
            resolve.call0(&JsValue::UNDEFINED).unwrap();
        });
        let outcome = settled(client.get_auth_token(JsValue::UNDEFINED, Some(aborted))).await;
        assert_eq!(outcome.unwrap_err(), JsValue::UNDEFINED);
        settled(Promise::resolve(&JsValue::NULL)).await.unwrap();
        assert_eq!(member(&js_sys::global(), "northboundAborted"), JsValue::TRUE);
    }

    #[wasm_bindgen_test]
    async fn a_client_that_is_dropped_still_answers() {
        let client = client(200, r#"{"deviceId":"d","activated":false}"#);
        let call =
            client.query_device_status(parse(r#"{"deviceId":"d"}"#), JsValue::UNDEFINED, None);
        drop(client);
        assert_eq!(member(&settled(call).await.unwrap(), "activated"), JsValue::FALSE);
    }

    #[wasm_bindgen_test]
    fn a_wrong_argument_names_the_member() {
        let wrong = parse(r#"{"appId":"a","secret":"s","platformIp":"h","platformPort":70000}"#);
        let error = NorthApiClient::new(wrong, JsValue::UNDEFINED, None, None, None, None, false)
            .unwrap_err();
        assert_eq!(text_of(&error, "argument"), "clientInfo.platformPort");
        let requests = NorthApiRequests::new(client_info(), JsValue::UNDEFINED, None).unwrap();
        let input = parse(r#"{"deviceId":"d","verifycode":"1"}"#);
        let error =
            requests.refresh_device_key(input, parse(r#"{"accessToken":"t"}"#)).unwrap_err();
        assert_eq!(text_of(&error, "argument"), "input.verifycode");
    }

    #[wasm_bindgen_test]
    fn the_catalogue_reaches_javascript_whole() {
        let catalogue = parse(&catalogue_text());
        assert_eq!(js_sys::Array::from(&catalogue).length(), 87 + 34);
    }
}
