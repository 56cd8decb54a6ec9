//! Does what the studio asks of the outside world.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::browser::{clipboard, files, picture};
use crate::app::shell::{CodeOrder, Shell};
use crate::app::{autosave, browser::frames};
use crate::studio::{Command, Effect};

/// Performs one effect. Nothing here fails silently: what did not work is told in a sentence.
pub fn perform(shell: Shell, effect: Effect) {
    match effect {
        Effect::Autosave => autosave::soon(shell),
        Effect::SaveFile { name, text, ask } => {
            let document = shell.with_studio(|it| it.open_child_arn().to_owned());
            spawn_local(async move {
                match files::save(&document, &name, &text, ask).await {
                    Ok(files::Saved::InPlace(name)) => shell.tell(format!("Saved “{name}”")),
                    Ok(files::Saved::Downloaded) => shell.tell(format!("Downloaded “{name}”")),
                    Ok(files::Saved::Cancelled) => {}
                    Err(sentence) => shell.announce(sentence, true),
                }
            });
        }
        Effect::Download { name, mime, text } => match files::download(&name, mime, &text) {
            Ok(()) => shell.tell(format!("Downloaded “{name}”")),
            Err(sentence) => shell.announce(sentence, true),
        },
        Effect::DownloadPng { name, svg } => spawn_local(async move {
            match picture::download_png(&name, &svg).await {
                Ok(()) => shell.tell(format!("Downloaded “{name}”")),
                Err(sentence) => shell.announce(sentence, true),
            }
        }),
        Effect::Copy { text } => {
            shell.clip.set(Some(text.clone()));
            let event = shell.clipboard.get_value();
            if event.is_some_and(|it| it.set_data("text/plain", &text).is_ok()) {
                return;
            }
            spawn_local(async move {
                match clipboard::write(&text).await {
                    Ok(()) => shell.tell("Copied"),
                    Err(sentence) => shell.announce(sentence, true),
                }
            });
        }
        Effect::Announce { sentence, assertive } => shell.announce(sentence, assertive),
        Effect::EditCode { edit } => shell.order_code(CodeOrder::Edit(edit)),
        Effect::ReplaceCode { text } => shell.order_code(CodeOrder::Replace(text)),
        Effect::RevealCode { range, scroll } => {
            shell.order_code(CodeOrder::Reveal { range, scroll });
        }
        Effect::RevealNode { key } => shell.reveal_node.set((shell.next_number(), key)),
        Effect::Continue => frames::next(move || shell.dispatch(Command::Compute)),
    }
}
