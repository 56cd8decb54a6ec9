//! When we panic all the same: the text is shown for copying. The program cannot run on, so this
//! is drawn with plain elements from the panic hook.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use crate::app::code;

/// Installs the hook.
pub fn keep_the_text_on_panic() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        // Nothing can be done about a browser that refuses plain elements.
        let _ = show(&info.to_string());
    }));
}

fn show(report: &str) -> Result<(), JsValue> {
    let document = document();
    if document.get_element_by_id("crash").is_some() {
        return Ok(());
    }
    let pane = document.create_element("div")?;
    pane.set_id("crash");
    pane.set_class_name("crash");
    pane.set_attribute("role", "alertdialog")?;
    pane.set_attribute("aria-label", "Stepglass stopped")?;
    let title = document.create_element("h2")?;
    title.set_text_content(Some("Stepglass stopped. Your text is safe."));
    let note = document.create_element("p")?;
    note.set_text_content(Some(
        "This is a fault of ours. Reloading brings back what this browser kept; the text below is what stood in the code pane. Copy it if you want to be sure.",
    ));
    let text: web_sys::HtmlTextAreaElement = document.create_element("textarea")?.unchecked_into();
    text.set_value(&code::text_shown().unwrap_or_default());
    text.set_read_only(true);
    text.set_attribute("aria-label", "Your definition")?;
    let buttons = document.create_element("p")?;
    let shown = text.clone();
    let copy_text = button("Copy text", move || {
        shown.select();
        let copying = window().navigator().clipboard().write_text(&shown.value());
        // The text stays selected, so that the keyboard can copy it when the browser refuses.
        let _ = copying;
    })?;
    let report = report.to_string();
    let copy_report = button("Copy report", move || {
        let _ = window().navigator().clipboard().write_text(&report);
    })?;
    let reload = button("Reload the page", || {
        let _ = window().location().reload();
    })?;
    for part in [&copy_text, &copy_report, &reload] {
        buttons.append_child(part)?;
    }
    for part in [&title, &note, text.as_ref(), &buttons] {
        pane.append_child(part)?;
    }
    document.body().ok_or(JsValue::NULL)?.append_child(&pane)?;
    text.select();
    Ok(())
}

fn button(words: &str, on_click: impl FnMut() + 'static) -> Result<web_sys::Element, JsValue> {
    let button = document().create_element("button")?;
    button.set_attribute("type", "button")?;
    button.set_class_name("button");
    button.set_text_content(Some(words));
    let on_click = Closure::<dyn FnMut()>::new(on_click);
    button.add_event_listener_with_callback("click", on_click.as_ref().unchecked_ref())?;
    on_click.forget();
    Ok(button)
}
