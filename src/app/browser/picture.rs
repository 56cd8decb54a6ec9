//! Draws an SVG into a PNG of twice the size.

use js_sys::Promise;
use leptos::prelude::document;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::app::browser::files;

/// Draws the picture and offers it as a download. A canvas has limits of its own, so the scale
/// falls for very large graphs.
pub async fn download_png(name: &str, svg: &str) -> Result<(), String> {
    draw(name, svg)
        .await
        .map_err(|_| "The picture is too large for this browser; download the SVG instead".into())
}

async fn draw(name: &str, svg: &str) -> Result<(), JsValue> {
    let image = web_sys::HtmlImageElement::new()?;
    let loaded = Promise::new(&mut |resolve, reject| {
        image.set_onload(Some(&resolve));
        image.set_onerror(Some(&reject));
    });
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{}", js_sys::encode_uri_component(svg)));
    JsFuture::from(loaded).await?;
    let (width, height) = (f64::from(image.natural_width()), f64::from(image.natural_height()));
    let scale = (8_192.0 / width.max(height)).min(2.0);
    let canvas: web_sys::HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    canvas.set_width((width * scale).ceil() as u32);
    canvas.set_height((height * scale).ceil() as u32);
    let context: web_sys::CanvasRenderingContext2d =
        canvas.get_context("2d")?.ok_or(JsValue::NULL)?.unchecked_into();
    context.draw_image_with_html_image_element_and_dw_and_dh(
        &image,
        0.0,
        0.0,
        width * scale,
        height * scale,
    )?;
    let blob = Promise::new(&mut |resolve, _| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            // A promise takes its value.
            let _ = resolve.call1(&JsValue::NULL, &blob);
        });
        let _ = canvas.to_blob(done.unchecked_ref());
    });
    let blob = JsFuture::from(blob).await?;
    files::download_blob(name, blob.dyn_ref().ok_or(JsValue::NULL)?)
}
