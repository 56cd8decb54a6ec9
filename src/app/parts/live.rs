//! Closures of a view as plain boxes. Leptos makes code for each type of closure that a view holds,
//! and every closure is a type of its own; boxed, all that give or take the same share that code,
//! and the page is smaller. What is read inside is tracked as before.

use leptos::prelude::*;

/// What an attribute, a text or a part of a view shows, kept up to date.
pub type Live<T> = Box<dyn Fn() -> T + Send + Sync>;

/// What is done at an event.
pub type Heard<E> = Box<dyn FnMut(E)>;

/// For what changes.
pub fn live<T>(read: impl Fn() -> T + Send + Sync + 'static) -> Live<T> {
    Box::new(read)
}

/// For an event of the page.
pub fn heard<E>(act: impl FnMut(E) + 'static) -> Heard<E> {
    Box::new(act)
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
    Memo::new(move |_| read())
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

/// Markup as Leptos' `view!` reads it, given back as one type whatever it holds: what repeats, is
/// left out or changes shares its code, too.
macro_rules! view {
    ($($markup:tt)*) => {
        leptos::prelude::IntoAny::into_any(leptos::prelude::view! { $($markup)* }.into_inner())
    };
}
pub(crate) use view;
