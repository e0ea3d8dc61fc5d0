use super::{Mood, Sample, sample};
use crate::http::portal::design::DesignPage;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Classes that a page of the portal cannot show, and why.
const ELSEWHERE: [(&str, &str); 3] = [
    ("quiet-page", "the body of the pages before the portal; the card in its middle is there"),
    ("demo", "the main part of the page that shows what an app was told; its parts are there"),
    ("copy", "the button that copy.js makes, which the page loads; Chromium sees it"),
];

pub(super) fn pages(mood: Mood) -> Vec<Sample> {
    let ids = &["buttons", "fields", "matrix", "languages", "preview-title", "sheet-title", "proof-form", "gate"];
    vec![sample("design", "portal/design/page.html", ids, &DesignPage::new(mood.shell()))]
}

/// The classes that the rules of a style sheet ask for.
fn styled(css: &str) -> BTreeSet<String> {
    let mut rules = String::new();
    for (at, part) in css.split("/*").enumerate() {
        rules.push_str(if at == 0 { part } else { part.split_once("*/").map_or("", |(_, rest)| rest) });
    }
    // What stands behind the last brace is no selector.
    let selectors = rules.rsplit_once('{').map_or("", |(selectors, _)| selectors);
    let selectors = selectors.split('{').map(|part| part.rsplit(['}', ';']).next().unwrap_or_default().trim());
    let classes = selectors.filter(|selector| !selector.starts_with('@')).flat_map(|selector| selector.split('.').skip(1));
    classes.map(|class| class.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect()).collect()
}

/// The classes on a page.
fn worn(html: &str) -> BTreeSet<&str> {
    html.split(" class=\"").skip(1).filter_map(|rest| rest.split('"').next()).flat_map(str::split_whitespace).collect()
}

#[test]
fn classes_are_found_in_style_sheets() {
    let css = "/* .no { */ .a .b-c:is(.d, button) > p { margin: 0 .5em; color: #fff } @media (max-width: 9.5px) { .e[x] { top: .1em; } }";
    assert_eq!(styled(css).into_iter().collect::<Vec<_>>(), ["a", "b-c", "d", "e"]);
}

#[test]
fn every_part_of_the_style_sheets_is_on_the_page_of_designs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let css: String = files.filter(|path| path.extension().is_some_and(|kind| kind == "css")).map(|path| fs::read_to_string(path).unwrap()).collect();
    let styled = styled(&css);
    assert!(styled.len() > 100, "{styled:?}");
    let page = pages(Mood::Usual).swap_remove(0).text;
    assert!(page.contains("/copy.js\""));
    let shown = worn(&page);
    let missing: Vec<&str> =
        styled.iter().map(String::as_str).filter(|class| !shown.contains(class) && !ELSEWHERE.iter().any(|(known, _)| known == class)).collect();
    assert!(missing.is_empty(), "templates/portal/design shows none of these parts: {missing:?}");
    for (class, why) in ELSEWHERE {
        assert!(styled.contains(class) && !shown.contains(class), "{class} needs no exception: {why}");
    }
}
