//! The hashes that both languages know: MD5, SHA-1 and three of SHA-2.

use md5::Md5;
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha256, Sha384, Sha512};

/// The hash in lower-case hexadecimal; nothing for another algorithm than `MD5`, `SHA-1`, `SHA-256`,
/// `SHA-384` and `SHA-512`.
pub fn hash(algorithm: &str, data: &[u8]) -> Option<String> {
    Some(match algorithm {
        "MD5" => hex(&Md5::digest(data)),
        "SHA-1" => hex(&Sha1::digest(data)),
        "SHA-256" => hex(&Sha256::digest(data)),
        "SHA-384" => hex(&Sha384::digest(data)),
        "SHA-512" => hex(&Sha512::digest(data)),
        _ => return None,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(algorithm: &str, data: &str, expected: &str) {
        assert_eq!(hash(algorithm, data.as_bytes()).as_deref(), Some(expected), "{algorithm} of {data:?}");
    }

    #[test]
    fn published_examples() {
        check("MD5", "", "d41d8cd98f00b204e9800998ecf8427e");
        check("MD5", "message digest", "f96b697d7cb7938d525a2f31aaf161d0");
        check("SHA-1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d");
        check("SHA-256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let expected = "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7";
        check("SHA-384", "abc", expected);
        let expected = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
        check("SHA-512", "abc", expected);
        assert_eq!(hash("SHA-3", b""), None);
    }
}
