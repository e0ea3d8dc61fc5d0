//! A dark page differs from a light one in colours, and in nothing else: what is checked of one for the sake of something else need not be
//! checked of the other (`support::eyes`).

use std::path::{Path, PathBuf};

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// What asks for the look itself. `light-dark()` knows colours alone (CSS Color 5, section 4), and needs none of these.
const ASKS: &[&str] = &["prefers-color-scheme", "matchMedia", "<picture", "@container style"];

fn asks(text: &str) -> Vec<&'static str> {
    ASKS.iter().copied().filter(|asks| text.contains(asks)).collect()
}

#[test]
fn dark_and_light_differ_in_colours_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all: Vec<PathBuf> = ["static", "templates"].iter().flat_map(|folder| files(&root.join(folder))).collect();
    assert!(all.len() > 100, "{}", all.len());
    for file in all {
        let text = std::fs::read_to_string(&file).expect("a text");
        assert_eq!(asks(&text), Vec::<&str>::new(), "{}", file.display());
    }
    assert_eq!(asks("@media (prefers-color-scheme: dark) { main { display: none } }"), ["prefers-color-scheme"]);
}
