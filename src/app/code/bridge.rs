//! The functions of `editor.js`, which `boot.js` offers as `StepglassEditor`.

use js_sys::{Array, Function, Object, Reflect, Uint32Array};
use wasm_bindgen::prelude::*;

use crate::studio::{Completions, Hover};
use crate::text::Utf16Change;

#[wasm_bindgen]
extern "C" {
    /// A code editor on the page.
    pub type Editor;

    #[wasm_bindgen(js_namespace = StepglassEditor)]
    fn create(parent: &web_sys::HtmlElement, hooks: &Object) -> Editor;

    #[wasm_bindgen(js_namespace = StepglassEditor, js_name = watchFields)]
    fn watch_fields_raw(complete: &JsValue, hover: &JsValue);

    /// Shows another document from its beginning.
    #[wasm_bindgen(method, js_name = setDoc)]
    pub fn set_doc(this: &Editor, text: &str);

    #[wasm_bindgen(method, js_name = applyChanges)]
    fn apply_changes_raw(this: &Editor, places: &[u32], inserts: &Array);

    #[wasm_bindgen(method, js_name = setDiagnostics)]
    fn set_diagnostics_raw(this: &Editor, places: &[u32], texts: &Array);

    /// Selects a stretch; a longer one than a line only gets the caret at its beginning.
    #[wasm_bindgen(method, js_name = setSelection)]
    pub fn set_selection(this: &Editor, from: u32, to: u32, scroll: bool);

    /// Marks the lines of the selected state; an empty stretch marks nothing.
    #[wasm_bindgen(method, js_name = setHighlight)]
    pub fn set_highlight(this: &Editor, from: u32, to: u32);

    #[wasm_bindgen(method, js_name = setPreview)]
    fn set_preview_raw(this: &Editor, places: &[u32], texts: &Array);

    #[wasm_bindgen(method, js_name = openSearch)]
    pub fn open_search(this: &Editor);

    #[wasm_bindgen(method, js_name = hasFocus)]
    pub fn has_focus(this: &Editor) -> bool;

    #[wasm_bindgen(method)]
    pub fn focus(this: &Editor);
}

/// A squiggle with its words.
pub struct Mark {
    pub from: u32,
    pub to: u32,
    pub is_error: bool,
    /// The problem that it shows, by its index.
    pub problem_idx: usize,
    pub message: String,
    /// The changes that mend it, in words.
    pub fixes: Vec<String>,
}

/// A line of a pending edit.
#[derive(Clone, PartialEq, Debug)]
pub struct PreviewLine {
    /// From 1, in the text as it is; a new line stands behind it.
    pub line: u32,
    pub kind: PreviewKind,
    pub text: String,
}

/// What would happen to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PreviewKind {
    Added = 0,
    Changed = 1,
    Removed = 2,
}

/// What the editor calls.
pub struct Hooks {
    /// The changes of one transaction, and the length of the text after it.
    pub on_change: Box<dyn FnMut(Vec<Utf16Change>, usize)>,
    pub on_select: Box<dyn FnMut(u32, u32)>,
    /// A problem is to be mended: its index, and that of the fix.
    pub on_fix: Box<dyn FnMut(u32, u32)>,
    pub on_undo: Box<dyn FnMut()>,
    pub on_redo: Box<dyn FnMut()>,
    pub on_first_focus: Box<dyn FnMut()>,
    /// The words of the expressions in a stretch: from, to and class of each.
    pub words: Box<dyn FnMut(u32, u32) -> Vec<u32>>,
    /// What could be written at an offset; the flag says that it was asked for.
    pub complete: Box<dyn FnMut(u32, bool) -> JsValue>,
    /// What the word at an offset means.
    pub hover: Box<dyn FnMut(u32) -> JsValue>,
}

/// What a field asks: what it is, its text, the caret, and whether it was asked for.
pub type AskField = Box<dyn FnMut(String, String, u32, bool) -> JsValue>;

/// Offers suggestions in every field that says in `data-expression` what it is.
pub fn watch_fields(complete: AskField, hover: AskField) {
    let closure =
        |it: AskField| Closure::<dyn FnMut(String, String, u32, bool) -> JsValue>::new(it).into_js_value();
    watch_fields_raw(&closure(complete), &closure(hover));
}

/// Suggestions as the script takes them: the stretch to replace, then the parts of each.
pub fn flat_completions(from: usize, to: usize, found: &Completions) -> JsValue {
    let flat = Array::of2(&(from as u32).into(), &(to as u32).into());
    for it in &found.items {
        let (kind, back) = (it.kind as u32, it.caret_back);
        let parts: [JsValue; 6] = [
            it.label.as_str().into(),
            kind.into(),
            it.detail.as_str().into(),
            it.help.as_str().into(),
            it.insert.as_str().into(),
            back.into(),
        ];
        for part in &parts {
            flat.push(part);
        }
    }
    flat.into()
}

/// What a word means, as the script takes it.
pub fn flat_hover(from: usize, to: usize, hover: &Hover) -> JsValue {
    let value = hover.value.as_deref().unwrap_or_default();
    let flat = Array::of2(&(from as u32).into(), &(to as u32).into());
    for part in [hover.title.as_str(), hover.help.as_str(), value] {
        flat.push(&part.into());
    }
    flat.into()
}

impl Editor {
    /// Puts an editor into an element. It lives as long as the page.
    pub fn new(parent: &web_sys::HtmlElement, mut hooks: Hooks) -> Editor {
        let object = Object::new();
        let set = |name: &str, value: JsValue| {
            // A plain object takes any member.
            let _ = Reflect::set(&object, &name.into(), &value);
        };
        let on_change = Closure::<dyn FnMut(Uint32Array, Array, u32)>::new(
            move |places: Uint32Array, inserts: Array, length: u32| {
                (hooks.on_change)(changes(&places.to_vec(), &inserts), length as usize);
            },
        );
        set("onChange", on_change.into_js_value().unchecked_into::<Function>().into());
        set("onSelect", Closure::<dyn FnMut(u32, u32)>::new(hooks.on_select).into_js_value());
        set("onFix", Closure::<dyn FnMut(u32, u32)>::new(hooks.on_fix).into_js_value());
        set("onUndo", Closure::<dyn FnMut()>::new(hooks.on_undo).into_js_value());
        set("onRedo", Closure::<dyn FnMut()>::new(hooks.on_redo).into_js_value());
        set("onFirstFocus", Closure::<dyn FnMut()>::new(hooks.on_first_focus).into_js_value());
        let words = Closure::<dyn FnMut(u32, u32) -> Vec<u32>>::new(hooks.words);
        set("words", words.into_js_value());
        set("complete", Closure::<dyn FnMut(u32, bool) -> JsValue>::new(hooks.complete).into_js_value());
        set("hover", Closure::<dyn FnMut(u32) -> JsValue>::new(hooks.hover).into_js_value());
        create(parent, &object)
    }

    pub fn apply_changes(&self, changes: &[Utf16Change]) {
        let (places, inserts) = flat(changes);
        self.apply_changes_raw(&places, &inserts);
    }

    /// Shows lines that would come, change or go; none takes the preview away.
    pub fn set_preview(&self, lines: &[PreviewLine]) {
        let places: Vec<u32> = lines.iter().flat_map(|it| [it.line, it.kind as u32]).collect();
        let texts: Array = lines.iter().map(|it| JsValue::from_str(&it.text)).collect();
        self.set_preview_raw(&places, &texts);
    }

    pub fn set_diagnostics(&self, marks: &[Mark]) {
        let numbers = |it: &Mark| [it.from, it.to, u32::from(it.is_error), it.problem_idx as u32];
        let places: Vec<u32> = marks.iter().flat_map(numbers).collect();
        let texts: Array = marks.iter().map(words_of).collect();
        self.set_diagnostics_raw(&places, &texts);
    }
}

/// The message, then the fixes.
fn words_of(mark: &Mark) -> JsValue {
    let mut words = mark.message.clone();
    for fix in &mark.fixes {
        words.push('\u{1f}');
        words.push_str(fix);
    }
    JsValue::from_str(&words)
}

fn flat(changes: &[Utf16Change]) -> (Vec<u32>, Array) {
    let places = changes.iter().flat_map(|it| [it.from, it.to]).collect();
    let inserts = changes.iter().map(|it| JsValue::from_str(&it.insert)).collect();
    (places, inserts)
}

fn changes(places: &[u32], inserts: &Array) -> Vec<Utf16Change> {
    let inserts = inserts.iter().map(|it| it.as_string().unwrap_or_default());
    let pairs = places.chunks_exact(2).zip(inserts);
    pairs
        .filter_map(|(place, insert)| match place {
            [from, to] => Some(Utf16Change { from: *from, to: *to, insert }),
            _ => None,
        })
        .collect()
}
