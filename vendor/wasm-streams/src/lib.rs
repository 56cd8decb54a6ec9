//! Stands in for the crate `wasm-streams` on the page. Leptos brings it for server functions that
//! stream, of which the page has none, as it has no server. The original hands classes to JavaScript,
//! which keeps their code in the module although nothing ever makes an object of them.

use futures_core::Stream;
use wasm_bindgen::JsValue;

/// A stream of the browser; only what the callers need to compile.
pub struct ReadableStream(web_sys::ReadableStream);

impl ReadableStream {
    pub fn from_raw(raw: web_sys::ReadableStream) -> Self {
        Self(raw)
    }

    pub fn into_raw(self) -> web_sys::ReadableStream {
        self.0
    }

    pub fn from_stream(_: impl Stream<Item = Result<JsValue, JsValue>> + 'static) -> Self {
        unimplemented!("the page sends nothing to a server")
    }

    pub fn into_stream(self) -> Box<dyn Stream<Item = Result<JsValue, JsValue>> + Unpin> {
        unimplemented!("the page gets nothing from a server")
    }
}
