//! Files in and out. Saving in place uses the File System Access API where the browser has it;
//! it is reached by name because its bindings are not stable. Otherwise a file is downloaded.

use std::cell::RefCell;

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The files that “Save” writes to again, by the document that each holds.
type Handles = Vec<(String, JsValue)>;

thread_local! {
    /// Those of what is open, and of what was open before.
    static HANDLES: RefCell<(Handles, Handles)> = const { RefCell::new((Vec::new(), Vec::new())) };
}

/// What became of a save.
pub enum Saved {
    InPlace(String),
    Downloaded,
    Cancelled,
}

/// A file that the user chose.
pub struct Opened {
    pub name: String,
    pub text: String,
    /// The file to save to again, where the browser has that.
    pub handle: Option<JsValue>,
}

/// Larger files are refused before they are read: AWS takes definitions up to 1 MiB.
pub const MAX_BYTES: f64 = 20.0 * 1024.0 * 1024.0;

/// Another document takes the place of what is open.
pub fn set_aside() {
    HANDLES.with(|it| {
        let (open, before) = &mut *it.borrow_mut();
        *before = std::mem::take(open);
    });
}

/// What was open before is open again, and the other way round.
pub fn bring_back() {
    HANDLES.with(|it| {
        let (open, before) = &mut *it.borrow_mut();
        std::mem::swap(open, before);
    });
}

/// Remembers the file of a document.
pub fn keep(document: &str, handle: JsValue) {
    HANDLES.with(|it| {
        let open = &mut it.borrow_mut().0;
        open.retain(|it| it.0 != document);
        open.push((document.to_string(), handle));
    });
}

fn kept(document: &str) -> Option<JsValue> {
    HANDLES.with(|it| it.borrow().0.iter().find(|it| it.0 == document).map(|it| it.1.clone()))
}

/// Writes to the file of the document, or asks for a place, or downloads.
pub async fn save(document: &str, name: &str, text: &str, ask: bool) -> Result<Saved, String> {
    let Some(picker) = function(&window(), "showSaveFilePicker") else {
        return download(name, "application/json", text).map(|()| Saved::Downloaded);
    };
    let known = if ask { None } else { kept(document) };
    let handle = match known {
        Some(handle) => handle,
        None => {
            let options = Object::new();
            set(&options, "suggestedName", &name.into());
            match call(&picker, &window(), &[options.into()]).await {
                Ok(handle) => handle,
                Err(error) if is_abort(&error) => return Ok(Saved::Cancelled),
                // A browser may refuse the picker inside a frame; the download still works.
                Err(_) => return download(name, "application/json", text).map(|()| Saved::Downloaded),
            }
        }
    };
    write(&handle, text)
        .await
        .map_err(|_| format!("“{name}” could not be written; use Save as… or download it"))?;
    let written = get(&handle, "name").and_then(|it| it.as_string()).unwrap_or_else(|| name.to_string());
    keep(document, handle);
    Ok(Saved::InPlace(written))
}

/// Lets the user choose a file and reads it.
pub async fn open() -> Result<Option<Opened>, String> {
    if let Some(picker) = function(&window(), "showOpenFilePicker") {
        let chosen = match call(&picker, &window(), &[]).await {
            Ok(chosen) => chosen,
            Err(error) if is_abort(&error) => return Ok(None),
            Err(_) => {
                return Err("The browser refused to open a file here; drop it on the page instead".into());
            }
        };
        let handle = Array::from(&chosen).get(0);
        let file = match function(&handle, "getFile") {
            Some(get_file) => call(&get_file, &handle, &[]).await.map_err(|_| cannot_read("the file"))?,
            None => return Err(cannot_read("the file")),
        };
        let opened = read(file.unchecked_into()).await?;
        return Ok(Some(Opened { handle: Some(handle), ..opened }));
    }
    choose().await
}

/// Lets the user choose a file and reads it; it is not one that “Save” writes to.
pub async fn choose() -> Result<Option<Opened>, String> {
    match choose_by_input().await {
        Some(file) => read(file).await.map(Some),
        None => Ok(None),
    }
}

/// Reads a file that was dropped or chosen. Bytes that are no text become U+FFFD, which the studio
/// recognizes as a binary file.
pub async fn read(file: web_sys::File) -> Result<Opened, String> {
    let name = file.name();
    if file.size() > MAX_BYTES {
        return Err(format!("“{name}” is larger than 20 MB; a definition has at most 1 MiB"));
    }
    let text = JsFuture::from(file.text()).await.map_err(|_| cannot_read(&name))?;
    Ok(Opened { name, text: text.as_string().unwrap_or_default(), handle: None })
}

/// Offers a text as a download.
pub fn download(name: &str, mime: &str, text: &str) -> Result<(), String> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(mime);
    let parts = Array::of1(&text.into());
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options);
    blob.and_then(|it| download_blob(name, &it))
        .map_err(|_| format!("The browser refused to download “{name}”"))
}

/// Offers bytes as a download.
pub fn download_blob(name: &str, blob: &web_sys::Blob) -> Result<(), JsValue> {
    let url = web_sys::Url::create_object_url_with_blob(blob)?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    gloo::timers::callback::Timeout::new(10_000, move || {
        // Revoking an unknown address is harmless.
        let _ = web_sys::Url::revoke_object_url(&url);
    })
    .forget();
    Ok(())
}

async fn choose_by_input() -> Option<web_sys::File> {
    let input: web_sys::HtmlInputElement = document().create_element("input").ok()?.unchecked_into();
    input.set_type("file");
    let chosen = Promise::new(&mut |resolve, _| {
        // Both calls only fail for a foreign object.
        let _ = input.add_event_listener_with_callback("change", &resolve);
        let _ = input.add_event_listener_with_callback("cancel", &resolve);
        input.click();
    });
    JsFuture::from(chosen).await.ok()?;
    input.files()?.get(0)
}

async fn write(handle: &JsValue, text: &str) -> Result<(), JsValue> {
    let stream = method(handle, "createWritable").await?;
    let write = function(&stream, "write").ok_or(JsValue::NULL)?;
    call(&write, &stream, &[text.into()]).await?;
    method(&stream, "close").await.map(|_| ())
}

async fn method(target: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    let method = function(target, name).ok_or(JsValue::NULL)?;
    call(&method, target, &[]).await
}

async fn call(function: &Function, this: &JsValue, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let promise = function.apply(this, &arguments.iter().collect())?;
    JsFuture::from(Promise::resolve(&promise)).await
}

fn function(target: &JsValue, name: &str) -> Option<Function> {
    get(target, name)?.dyn_into().ok()
}

fn get(target: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(target, &name.into()).ok()
}

fn set(target: &Object, name: &str, value: &JsValue) {
    // A fresh object takes every property.
    let _ = Reflect::set(target, &name.into(), value);
}

fn is_abort(error: &JsValue) -> bool {
    get(error, "name").and_then(|it| it.as_string()).is_some_and(|it| it == "AbortError")
}

fn cannot_read(name: &str) -> String {
    format!("“{name}” could not be read")
}
