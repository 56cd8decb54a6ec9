//! To be drawn.
use crate::app::shell::Shell;
use crate::studio::Template;
/// Starts dragging a row of the palette.
pub fn start_palette_drag(_shell: Shell, _template: Template, _event: &web_sys::PointerEvent) {}
