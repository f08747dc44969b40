//! Looks for a secret in whatever shape somebody may have given it.

use std::{fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

/// A secret that stands nowhere by chance.
pub struct Canary(Vec<(&'static str, Vec<u8>)>);

impl Canary {
    pub fn new(secret: &str) -> Self {
        let utf16 = secret.encode_utf16();
        let escaped = secret.replace('/', "\\/").replace('-', "\\u002d");
        let percent: Vec<String> = secret.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let hexadecimal: Vec<String> = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        let mut shapes = vec![
            ("as it is", secret.as_bytes().to_vec()),
            ("UTF-16, little end first", utf16.clone().flat_map(u16::to_le_bytes).collect()),
            ("UTF-16, big end first", utf16.flat_map(u16::to_be_bytes).collect()),
            ("JSON with escapes", escaped.into_bytes()),
            ("percent-encoded", percent.concat().into_bytes()),
            ("hexadecimal", hexadecimal.concat().into_bytes()),
            ("backwards", secret.bytes().rev().collect()),
        ];
        // Base64 looks different by where in a group of three bytes it begins.
        for before in 0..3 {
            let shifted = [vec![0; before], secret.as_bytes().to_vec()].concat();
            let whole = shifted.len() / 3 * 3;
            let text = STANDARD_NO_PAD.encode(&shifted[..whole]).into_bytes();
            // What also depends on the bytes around it does not count.
            let own = if before == 0 { 0 } else { 4 };
            shapes.push(("base64", text[own..].to_vec()));
        }
        Self(shapes)
    }

    /// In which shape it stands there, if it does.
    pub fn found_in(&self, bytes: &[u8]) -> Option<&'static str> {
        let stands = |shape: &[u8]| bytes.windows(shape.len()).any(|window| window == shape);
        self.0.iter().find_map(|(name, shape)| stands(shape).then_some(*name))
    }

    #[track_caller]
    pub fn is_not_in(&self, bytes: &[u8], place: &str) {
        if let Some(shape) = self.found_in(bytes) {
            panic!("a secret stands in {place}, {shape}");
        }
    }

    /// Reads every file below a folder; answers how many bytes those were.
    pub fn is_in_no_file(&self, folder: &Path, passes: &dyn Fn(&Path) -> bool) -> usize {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let read = entries.map(|entry| entry.path()).filter(|path| !passes(path)).map(|path| {
            if fs::symlink_metadata(&path).is_ok_and(|it| it.is_dir()) {
                return self.is_in_no_file(&path, passes);
            }
            // Sockets and what is gone by now hold nothing.
            let is_file = fs::metadata(&path).is_ok_and(|it| it.is_file());
            let bytes = if is_file { fs::read(&path).unwrap_or_default() } else { Vec::new() };
            self.is_not_in(&bytes, &path.display().to_string());
            bytes.len()
        });
        read.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canary_is_found_in_every_shape_and_nowhere_else() {
        let secret = "c4nary/t0ken-5ecret";
        let canary = Canary::new(secret);
        let json = r#"{"x":"c4nary\/t0ken\u002d5ecret"}"#;
        let utf16: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let around = |bytes: &[u8]| [b"before", bytes, b"behind"].concat();
        assert_eq!(canary.found_in(&around(secret.as_bytes())), Some("as it is"));
        assert!(canary.found_in(&around(&utf16)).is_some());
        assert!(canary.found_in(json.as_bytes()).is_some());
        for before in ["", "x", "xy", "xyz"] {
            let encoded = STANDARD_NO_PAD.encode(format!("{before}{secret} and more"));
            assert_eq!(canary.found_in(encoded.as_bytes()), Some("base64"), "{before:?}");
        }
        assert_eq!(canary.found_in(b"c4nary/t0ken-5ecre"), None);
    }
}
