//! The program: in the browser it mounts the page; natively it is the command line.

fn main() {
    #[cfg(feature = "app")]
    stepglass::app::start();
}
