//! Closures of a view as plain objects. Leptos makes code for each type of closure that a view holds,
//! and every closure is a type of its own; as objects, all that give or take the same share that
//! code, and the page is smaller. What is read inside is tracked as before.

use std::sync::{Arc, Mutex};

use leptos::prelude::*;
use leptos::tachys::reactive_graph::{ReactiveFunction, SharedReactiveFunction};

/// What an attribute, a text or a part of a view shows, kept up to date.
pub struct Live<T>(Box<dyn Read<T>>);

/// What is done at an event.
pub type Heard<E> = Box<dyn FnMut(E)>;

/// For what changes.
pub fn live<T>(read: impl Fn() -> T + Send + Sync + 'static) -> Live<T> {
    Live(Box::new(read))
}

/// For an event of the page.
pub fn heard<E>(act: impl FnMut(E) + 'static) -> Heard<E> {
    Box::new(act)
}

/// A function of one way to call it; those of the library have three, each with code of its own.
trait Read<T>: Send + Sync {
    fn read(&self) -> T;
}

impl<T, F: Fn() -> T + Send + Sync> Read<T> for F {
    fn read(&self) -> T {
        self()
    }
}

impl<T: 'static> ReactiveFunction for Live<T> {
    type Output = T;

    fn invoke(&mut self) -> T {
        self.0.read()
    }

    fn into_shared(self) -> SharedReactiveFunction<T> {
        Arc::new(Mutex::new(move || self.0.read()))
    }
}

/// For what is worked out once for all who read it, and tells them only when it is another.
pub fn memo<T>(read: impl Fn() -> T + Send + Sync + 'static) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    kept(live(read))
}

fn kept<T>(read: Live<T>) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| read.0.read())
}

/// What is done now, and again whenever something read in it has changed.
pub fn effect(act: impl FnMut() + 'static) {
    start(Box::new(act));
}

fn start(mut act: Box<dyn FnMut()>) {
    Effect::new(move |_| act());
}

/// Shows its children while the condition holds, as `Show` does.
#[component]
pub fn Shown(
    when: Live<bool>,
    children: ChildrenFn,
    /// What is there otherwise.
    #[prop(optional, into)]
    fallback: ViewFn,
) -> impl IntoView {
    let when = kept(when);
    move || if when.get() { children() } else { fallback.run() }
}

/// One of the rows of a list.
pub struct Row {
    key: String,
    content: Box<dyn FnOnce() -> AnyView + Send>,
}

/// A row that is made when the list had none of its key before.
pub fn row(key: String, content: impl FnOnce() -> AnyView + Send + 'static) -> Row {
    Row { key, content: Box::new(content) }
}

/// Shows its rows as `For` does: each stays as it is while there is one of its key. All lists share
/// the code of one.
#[component]
pub fn Rows(rows: Live<Vec<Row>>) -> impl IntoView {
    leptos::prelude::view! {
        <For each=move || rows.0.read() key=|it| it.key.clone() children=|it| (it.content)() />
    }
}

/// Markup as Leptos' `view!` reads it, given back as one type whatever it holds: what repeats, is
/// left out or changes shares its code, too.
macro_rules! view {
    ($($markup:tt)*) => {
        leptos::prelude::IntoAny::into_any(leptos::prelude::view! { $($markup)* }.into_inner())
    };
}
pub(crate) use view;
