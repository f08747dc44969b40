//! What packages are made from, as far as it can be judged without the systems they are for.

use std::{
    fs::{self, File},
    io::BufReader,
    path::{Path, PathBuf},
};

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn bundle() -> Value {
    let config: Value = serde_json::from_str(&read("tauri.conf.json")).expect("JSON");
    config["bundle"].clone()
}

fn words(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

#[test]
fn icons_are_of_the_sizes_and_kinds_that_each_system_asks_for() {
    let bundle = bundle();
    let icons = words(&bundle["icon"]);
    for size in [16, 24, 32, 48, 64, 128, 256, 512] {
        let name = format!("src-tauri/icons/{size}x{size}.png");
        assert!(icons.contains(&&*name), "{name} is packed");
        let file = BufReader::new(File::open(root().join(&name)).expect("an icon"));
        let picture = png::Decoder::new(file).read_info().expect("a picture");
        assert_eq!(picture.info().size(), (size, size), "{name}");
        assert_eq!(picture.info().color_type, png::ColorType::Rgba, "{name}: Tauri reads no other");
    }
    let bytes = |name: &str| fs::read(root().join(name)).expect("an icon");
    let windows = bytes("src-tauri/icons/icon.ico");
    let [how_many, _] = [windows[4], windows[5]];
    // Sixteen bytes each, behind a head of six; a width of 0 means 256.
    let widths: Vec<u8> = (0..usize::from(how_many)).map(|nth| windows[6 + 16 * nth]).collect();
    assert!(windows.starts_with(&[0, 0, 1, 0]), "an icon file");
    assert!([16, 32, 48, 0].iter().all(|width| widths.contains(width)), "{widths:?}");
    let apple = bytes("src-tauri/icons/icon.icns");
    let length = u32::from_be_bytes([apple[4], apple[5], apple[6], apple[7]]);
    assert!(apple.starts_with(b"icns") && length as usize == apple.len());
}

#[test]
fn an_upgrade_on_windows_finds_the_version_before_it() {
    let wix = bundle()["windows"]["wix"].clone();
    let code = wix["upgradeCode"].as_str().expect("an upgrade code");
    // It must stay for as long as there are packages.
    assert_eq!(code, "b1c7a2f4-0f0e-4e43-9d0d-4c2f8d2f6a35");
    let fragment = read(words(&wix["fragmentPaths"])[0]);
    for component in words(&wix["componentRefs"]) {
        assert!(fragment.contains(&format!("<Component Id=\"{component}\"")), "{component}");
    }
    // MSI compares three numbers and takes nothing behind them.
    let version = env!("CARGO_PKG_VERSION");
    let parts: Vec<u16> = version.split('.').map(|it| it.parse().expect("a number")).collect();
    assert!(parts.len() == 3 && parts[0] < 256 && parts[1] < 256, "{version}");
}

#[test]
fn every_system_opens_the_consoles_links_with_it() {
    let registered = [
        ("src-tauri/packaging/enrollment-console.desktop", "x-scheme-handler/enrollment-console;"),
        ("src-tauri/packaging/enrollment-console.desktop", "Exec={{exec}} %u"),
        ("src-tauri/packaging/links.wxs", "Key=\"Software\\Classes\\enrollment-console\""),
        ("src-tauri/packaging/links.wxs", "Name=\"URL Protocol\""),
        ("src-tauri/packaging/links.wxs", "&quot;%1&quot;"),
        ("src-tauri/packaging/Info.plist", "<array><string>enrollment-console</string></array>"),
    ];
    for (file, words) in registered {
        assert!(read(file).contains(words), "{words} in {file}");
    }
    let plist = bundle()["macOS"]["infoPlist"].clone();
    assert_eq!(plist, "src-tauri/packaging/Info.plist");
}

/// The templates of what is packed; what is built first lies in `target`.
#[test]
fn what_the_configuration_names_is_there() {
    let bundle = bundle();
    let linux = ["deb", "rpm"].map(|kind| bundle["linux"][kind].clone());
    let templates = linux.iter().filter_map(|kind| kind["desktopTemplate"].as_str());
    let packed = linux.iter().filter_map(|kind| kind["files"].as_object()).flatten();
    let packed = packed.filter_map(|(_, from)| from.as_str());
    let named = words(&bundle["icon"]).into_iter().chain(templates).chain(packed);
    for path in named.filter(|path| !path.starts_with("target/")).map(PathBuf::from) {
        assert!(root().join(&path).is_file(), "{} is missing", path.display());
    }
    assert_eq!(linux[0]["files"], linux[1]["files"], "both packages hold the same");
}
