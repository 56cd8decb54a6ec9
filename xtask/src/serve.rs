//! A small static file server for `dist/`, for this machine only.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::{Component, Path, PathBuf},
    thread,
};

use crate::{
    build::{build, dist},
    run::Outcome,
};

const FIRST_PORT: u16 = 8080;
const N_PORTS_TO_TRY: u16 = 100;

/// Builds if anything changed, then serves until interrupted.
pub fn serve(port: Option<u16>) -> Outcome {
    build()?;
    let listener = match port {
        Some(port) => listen(port).map_err(|error| format!("Port {port} cannot be used: {error}"))?,
        None => (FIRST_PORT..FIRST_PORT + N_PORTS_TO_TRY)
            .find_map(|port| listen(port).ok())
            .ok_or_else(|| format!("No port from {FIRST_PORT} on is free; choose one with --port N"))?,
    };
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    println!("\nStepglass is at http://{address}/\nPress Ctrl+C to stop");
    for stream in listener.incoming().flatten() {
        thread::spawn(move || answer(stream));
    }
    Ok(())
}

fn listen(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", port))
}

fn answer(mut stream: TcpStream) {
    let mut reader = BufReader::new(&stream);
    let mut request = String::new();
    if reader.read_line(&mut request).is_err() {
        return;
    }
    // The headers are read to their end, so that the browser never sees a reset connection.
    let mut header = String::new();
    while reader.read_line(&mut header).is_ok_and(|n_bytes| 2 < n_bytes) {
        header.clear();
    }
    let (head, body) = response(&dist(), request.trim_end());
    // A browser that has gone away needs no answer.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
}

fn response(root: &Path, request: &str) -> (String, Vec<u8>) {
    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if method != "GET" && method != "HEAD" {
        return plain("405 Method Not Allowed", "Only GET and HEAD are answered");
    }
    let Some(file) = file_of(root, target) else {
        return plain("404 Not Found", "There is no such file");
    };
    let Ok(body) = fs::read(&file) else {
        return plain("404 Not Found", "There is no such file");
    };
    let head = head("200 OK", mime_type(&file), body.len());
    (head, if method == "HEAD" { Vec::new() } else { body })
}

fn plain(status: &str, text: &str) -> (String, Vec<u8>) {
    (head(status, "text/plain; charset=utf-8", text.len()), text.as_bytes().to_vec())
}

fn head(status: &str, mime_type: &str, n_bytes: usize) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {mime_type}\r\nContent-Length: {n_bytes}\r\n\
         Cache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
    )
}

/// The file a request means, or nothing when it points outside `root`.
fn file_of(root: &Path, target: &str) -> Option<PathBuf> {
    let path = target.split(['?', '#']).next()?.strip_prefix('/')?;
    let path = PathBuf::from(percent_decoded(path)?);
    // Only plain names: no parent folder, no root, no drive letter.
    if !path.components().all(|it| matches!(it, Component::Normal(_))) {
        return None;
    }
    let file = root.join(path);
    Some(if file.is_dir() { file.join("index.html") } else { file })
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let (high, low) = (char::from(rest.next()?), char::from(rest.next()?));
            bytes.push((high.to_digit(16)? * 16 + low.to_digit(16)?) as u8);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok().filter(|it| !it.contains('\0'))
}

fn mime_type(file: &Path) -> &'static str {
    match file.extension().and_then(|it| it.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(target: &str, expected: Option<&str>) {
        let root = Path::new("/no-such-root");
        assert_eq!(file_of(root, target), expected.map(|it| root.join(it)), "{target}");
    }

    #[test]
    fn requests_name_files_below_the_root_only() {
        check("/a/b.js", Some("a/b.js"));
        check("/a%20b.js?v=1", Some("a b.js"));
        check("/", Some(""));
        check("/../secret", None);
        check("/a/../../secret", None);
        check("/%2e%2e/secret", None);
        check("//etc/passwd", None);
        check("/%zz", None);
        check("no-slash", None);
    }

    #[test]
    fn other_methods_are_refused() {
        assert!(response(Path::new("/no-such-root"), "POST / HTTP/1.1").0.starts_with("HTTP/1.1 405"));
    }

    #[test]
    fn webassembly_has_the_type_that_streaming_compilation_needs() {
        assert_eq!(mime_type(Path::new("x_bg.wasm")), "application/wasm");
    }
}
