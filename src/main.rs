//! The program: in the browser it mounts the page; natively it is the command line.

fn main() {
    #[cfg(all(feature = "app", target_arch = "wasm32"))]
    stepglass::app::start();
}
