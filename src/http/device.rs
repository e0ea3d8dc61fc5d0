//! The device behind a user agent, as people call it. Good enough to tell one's own devices apart; nothing is decided by it.

use crate::words::Words;

/// What browsers call themselves, the more special names first: each also names those that it descends from.
const BROWSERS: [(&str, &str); 9] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] =
    [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

/// The device that a user agent names.
pub fn named(words: Words, agent: Option<&str>) -> String {
    let Some(agent) = agent.filter(|agent| !agent.trim().is_empty()) else { return words.say("device-unknown") };
    let of = |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    match (of(&BROWSERS), of(&SYSTEMS)) {
        (Some(browser), Some(system)) => words.with("device-on", &[("browser", browser), ("system", system)]),
        (Some(name), None) => name.to_owned(),
        // A program that is no browser says its name first.
        (None, _) => crate::base::text::shown(agent.split_whitespace().next().unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Locale;

    #[test]
    fn devices_have_the_names_that_people_use() {
        let name = |agent: &str| named(Words::of(&Locale::english()), Some(agent));
        let like = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
        assert_eq!(name(like), "Chrome on Windows");
        assert_eq!(name(&format!("{like} Edg/140.0.0.0")), "Edge on Windows");
        assert_eq!(name("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"), "Firefox on Linux");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
        assert_eq!(name(phone), "Safari on iPhone");
        assert_eq!((name("curl/8.5.0"), name("\u{202e}evil x")), ("curl/8.5.0".to_owned(), "\u{fffd}evil".to_owned()));
        assert_eq!(named(Words::of(&Locale::english()), None), "Unknown device");
    }
}
