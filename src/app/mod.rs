//! The page: the only wing that knows the browser.

use leptos::{html::Div, prelude::*};
use wasm_bindgen::prelude::*;

/// Shows the application in place of the loading sentence.
pub fn start() {
    console_error_panic_hook::set_once();
    mount_to_body(App);
    if let Some(boot) = document().get_element_by_id("boot") {
        boot.remove();
    }
}

#[wasm_bindgen]
extern "C" {
    /// Makes a code editor inside `parent`; see `code/editor.js`.
    #[wasm_bindgen(js_namespace = StepglassEditor)]
    fn create(parent: &web_sys::HtmlElement, options: &js_sys::Object) -> JsValue;
}

#[component]
fn App() -> impl IntoView {
    let pane = NodeRef::<Div>::new();
    let length = RwSignal::new(0_u32);
    pane.on_load(move |pane| {
        let on_change = Closure::<dyn FnMut(JsValue, String, u32)>::new(move |_, _, after| length.set(after));
        let options = js_sys::Object::new();
        let set = js_sys::Reflect::set(&options, &"onChange".into(), &on_change.into_js_value());
        if set.is_ok() {
            create(&pane, &options);
        }
    });
    view! {
        <main>
            <h1>"Stepglass"</h1>
            <div node_ref=pane></div>
            <p role="status">{move || format!("{} characters", length.get())}</p>
        </main>
    }
}
