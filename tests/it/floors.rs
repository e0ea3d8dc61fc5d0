//! The floors hold: no module uses one above it, or one beside it that it may not know. And no file grows past reading.
//!
//! Every source file is cut into tokens, so that comments and texts do not count and macros do; every path that starts
//! with `crate`, `$crate`, `super` or `self` is resolved from the module where it stands.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// The modules from the ground up. A module may use the lines above its own, and its own line where that is said.
const FLOORS: &[(&[&str], Beside)] = &[
    (&["base"], Beside::Free),
    (&["db", "crypto", "outbound", "words"], Beside::Free),
    (&["work", "actor", "audit", "outbox", "mail"], Beside::Free),
    (&["identity", "access", "login", "oauth", "lifecycle"], Beside::Ordered),
    (&["config", "log", "server"], Beside::Ordered),
    (&["http", "worker", "cli"], Beside::Strangers),
    (&["serve"], Beside::Strangers),
];

/// The folders of `http` are strangers to each other, too; they share the files beside them.
const HTTP_FOLDERS: &[&str] = &["oidc", "login", "setup", "account", "portal", "demo", "api", "scim"];

/// A file of this many lines must be split.
const TOO_LONG: usize = 450;

/// How the modules of one floor stand to each other.
#[derive(Clone, Copy, PartialEq)]
enum Beside {
    /// They may use each other.
    Free,
    /// Each may use those named before it.
    Ordered,
    /// They never use each other.
    Strangers,
}

type Module = Vec<String>;

/// A path in the source, resolved to the crate's root.
#[derive(Debug, PartialEq)]
struct Reference {
    line: usize,
    to: Module,
}

/// The module that a file below `src` is; empty for `lib.rs`.
fn module_of(file: &Path) -> Module {
    let mut module: Module = file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if module.last().is_some_and(|last| last == "mod" || last == "lib") {
        module.pop();
    }
    module
}

/// Every reference of a file that is `module`.
fn references(text: &str, module: &Module) -> Vec<Reference> {
    let tokens: TokenStream = text.parse().expect("the source is Rust");
    let mut found = Vec::new();
    walk(tokens, &mut module.clone(), &mut found);
    found
}

fn walk(tokens: TokenStream, module: &mut Module, found: &mut Vec<Reference>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while let Some(tree) = trees.get(at) {
        match (tree, trees.get(at + 1), trees.get(at + 2)) {
            (TokenTree::Ident(word), Some(TokenTree::Ident(name)), Some(TokenTree::Group(body))) if word == "mod" && is_braced(body) => {
                module.push(name.to_string());
                walk(body.stream(), module, found);
                module.pop();
                at += 3;
            }
            (TokenTree::Ident(word), ..) if ["crate", "super", "self"].iter().any(|start| word == start) && is_path_separator(&trees, at + 1) => {
                let (paths, next) = path_tree(&trees, at, &[]);
                // `pub(in crate::http)` says who may look in; it uses nothing.
                let visibility = at > 0 && matches!(&trees[at - 1], TokenTree::Ident(before) if before == "in");
                if !visibility {
                    let line = word.span().start().line;
                    found.extend(paths.iter().filter_map(|path| Some(Reference { line, to: resolve(path, module)? })));
                }
                at = next;
            }
            (TokenTree::Group(group), ..) => {
                walk(group.stream(), module, found);
                at += 1;
            }
            _ => at += 1,
        }
    }
}

fn is_braced(group: &Group) -> bool {
    group.delimiter() == Delimiter::Brace
}

fn is_path_separator(trees: &[TokenTree], at: usize) -> bool {
    let colon = |at: usize| matches!(trees.get(at), Some(TokenTree::Punct(mark)) if mark.as_char() == ':');
    colon(at) && colon(at + 1)
}

/// The paths that start at `at`, several where braces follow; and where they end.
fn path_tree(trees: &[TokenTree], mut at: usize, prefix: &[String]) -> (Vec<Module>, usize) {
    let mut path = prefix.to_vec();
    loop {
        match trees.get(at) {
            Some(TokenTree::Ident(word)) => {
                path.push(word.to_string());
                if !is_path_separator(trees, at + 1) {
                    return (vec![path], at + 1);
                }
                at += 3;
            }
            Some(TokenTree::Punct(mark)) if mark.as_char() == '*' => {
                path.push("*".to_owned());
                return (vec![path], at + 1);
            }
            Some(TokenTree::Group(group)) if is_braced(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let pieces = inner.split(|tree| matches!(tree, TokenTree::Punct(mark) if mark.as_char() == ','));
                let paths = pieces.filter(|piece| !piece.is_empty()).flat_map(|piece| path_tree(piece, 0, &path).0).collect();
                return (paths, at + 1);
            }
            // `crate::x::<T>`: the walk goes on inside.
            _ => return (vec![path], at),
        }
    }
}

/// The path from the crate's root; `None` when it climbs out of the crate, which the compiler refuses.
fn resolve(path: &[String], module: &Module) -> Option<Module> {
    let mut to = module.clone();
    for word in path {
        match word.as_str() {
            "crate" => to.clear(),
            "self" => {}
            "super" => {
                to.pop()?;
            }
            _ => to.push(word.clone()),
        }
    }
    Some(to)
}

/// The macros that `#[macro_export]` puts at the crate's root, wherever they stand.
fn exported_macros(text: &str) -> Vec<String> {
    let trees: Vec<TokenTree> = text.parse::<TokenStream>().expect("the source is Rust").into_iter().collect();
    let mut exported = false;
    let mut names = Vec::new();
    for (at, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => exported |= group.stream().to_string().contains("macro_export"),
            TokenTree::Ident(word) if word == "macro_rules" && exported => {
                names.extend(trees.get(at + 2).map(ToString::to_string));
                exported = false;
            }
            _ => {}
        }
    }
    names
}

/// Floor and place on it, both from 0.
fn place(module: &str) -> Option<(usize, usize)> {
    FLOORS.iter().enumerate().find_map(|(floor, (modules, _))| Some((floor, modules.iter().position(|name| *name == module)?)))
}

/// Why the module `from` may not use `to`; `None` when it may.
fn objection(from: &Module, to: &Module, macros: &BTreeMap<String, String>) -> Option<String> {
    // The list of modules itself.
    let own = from.first()?;
    let Some(head) = to.first().filter(|head| *head != "*") else {
        return Some("names the root of the crate, which hides what is used; name the module".to_owned());
    };
    let target = macros.get(head).unwrap_or(head);
    if own == target {
        return if own == "http" { objection_within_http(from, to) } else { None };
    }
    let Some((floor, order)) = place(own) else {
        return Some(format!("{own} has no floor: give it one in tests/it/floors.rs and in src/lib.rs"));
    };
    let Some((target_floor, target_order)) = place(target) else {
        return Some(format!("{target} has no floor: give it one in tests/it/floors.rs and in src/lib.rs"));
    };
    if target_floor > floor {
        return Some(format!("points up: {own} is on floor {}, {target} on floor {}", floor + 1, target_floor + 1));
    }
    if target_floor < floor {
        return None;
    }
    match FLOORS[floor].1 {
        Beside::Free => None,
        Beside::Ordered if target_order < order => None,
        Beside::Ordered => Some(format!("points back: {target} may use {own}, not the other way round")),
        Beside::Strangers => Some(format!("points sideways: {own} and {target} share rules, not code")),
    }
}

fn objection_within_http(from: &Module, to: &Module) -> Option<String> {
    let folder = |module: &Module| module.get(1).filter(|name| HTTP_FOLDERS.contains(&name.as_str())).cloned();
    let own = folder(from)?;
    if to.len() == 1 || to[1] == "*" {
        return Some("takes all of http, and the other folders with it; name the file".to_owned());
    }
    let other = folder(to).filter(|other| *other != own)?;
    Some(format!("points sideways: http::{own} and http::{other} share the files of http, not each other's"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "node_modules") {
                files.extend(rust_files(&path));
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_path_points_down() {
    let src = repository().join("src");
    let sources: Vec<(Module, PathBuf, String)> = rust_files(&src)
        .into_iter()
        .filter(|path| *path != src.join("main.rs"))
        .map(|path| (module_of(path.strip_prefix(&src).expect("below src")), path.clone(), fs::read_to_string(&path).expect("readable")))
        .collect();
    let macros =
        sources.iter().flat_map(|(module, _, text)| exported_macros(text).into_iter().filter_map(|name| Some((name, module.first()?.clone())))).collect();
    let (mut seen, mut report) = (0, String::new());
    for (module, path, text) in &sources {
        for Reference { line, to } in references(text, module) {
            seen += 1;
            if let Some(why) = objection(module, &to, &macros) {
                writeln!(report, "{}:{line}: {}: {why}", path.display(), to.join("::")).expect("memory");
            }
        }
    }
    assert!(seen > 20, "the paths were found at all, not only {seen}");
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn no_file_is_too_long_to_read() {
    let files = ["src", "tests"].iter().flat_map(|folder| rust_files(&repository().join(folder)));
    let mut report = String::new();
    for path in files {
        let lines = fs::read_to_string(&path).expect("readable").lines().count();
        if lines >= TOO_LONG {
            writeln!(report, "{} has {lines} lines; split it into two nouns (fewer than {TOO_LONG}, better 400)", path.display()).expect("memory");
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

/// The objections to a file with this text, each as `path: first words`.
fn judged(file: &str, text: &str) -> Vec<String> {
    let module = module_of(Path::new(file));
    let macros = BTreeMap::from([("choice".to_owned(), "base".to_owned()), ("show".to_owned(), "http".to_owned())]);
    let objections = references(text, &module).into_iter().filter_map(|found| Some((found.to.join("::"), objection(&module, &found.to, &macros)?)));
    objections.map(|(to, why)| format!("{to}: {}", why.split([':', ',']).next().unwrap_or_default())).collect()
}

#[test]
fn planted_violations_are_found() {
    for (file, text, expected) in [
        ("base/id.rs", "use crate::db::Db;", &["db::Db: points up"] as &[_]),
        ("db/mod.rs", "fn f() -> crate::work::Work { todo!() }", &["work::Work: points up"]),
        ("mail/mod.rs", "use crate::{base::id::UserId, config::{Mail, Log as L}};", &["config::Mail: points up", "config::Log: points up"]),
        ("access/role/store.rs", "use crate::login::session::Session;", &["login::session::Session: points back"]),
        ("oauth/token/mod.rs", "use super::super::super::lifecycle::offer;", &[]),
        ("oauth/token/mod.rs", "use super::super::lifecycle::offer;", &["lifecycle::offer: points back"]),
        ("oauth/token.rs", "mod tests { use super::super::super::server::Server; }", &["server::Server: points up"]),
        ("identity/user/mod.rs", "use crate::server::Server;", &["server::Server: points up"]),
        ("config/mod.rs", "use crate::server::{self, Server};", &["server: points back", "server::Server: points back"]),
        ("log.rs", "use super::server;", &["server: points back"]),
        ("cli/serve.rs", "let x = crate::http::start();", &["http::start: points sideways"]),
        ("worker/mod.rs", "use crate::cli;", &["cli: points sideways"]),
        ("http/portal/users.rs", "use crate::http::api::users::User;", &["http::api::users::User: points sideways"]),
        ("http/portal/users.rs", "use super::super::{page, scim::List};", &["http::scim::List: points sideways"]),
        ("http/login/mod.rs", "use super::*;", &["http::*: takes all of http"]),
        ("http/login/mod.rs", "use crate::http; fn f() {}", &["http: takes all of http"]),
        ("work.rs", "use crate::*;", &["*: names the root of the crate"]),
        ("work.rs", "use crate::helpers::x;", &["helpers::x: helpers has no floor"]),
        ("helpers.rs", "use crate::base::id;", &["base::id: helpers has no floor"]),
        ("db/mod.rs", "macro_rules! m { () => { $crate::work::Work::new() } }", &["work::Work::new: points up"]),
        ("db/mod.rs", "fn f() { vec![call::<crate::work::Work>(1)] }", &["work::Work: points up"]),
        ("db/mod.rs", "crate::show!(1);", &["show: points up"]),
        ("db/mod.rs", "use self::super::work::Work;", &["work::Work: points up"]),
    ] {
        assert_eq!(judged(file, text), expected, "{file}: {text}");
    }
}

#[test]
fn what_is_allowed_is_not_accused() {
    for (file, text) in [
        ("lifecycle/invitation/mod.rs", "use crate::{access::grant, identity::user::{self, User}, login::password, oauth::client, base::id::*};"),
        ("work.rs", "use crate::{actor::Actor, audit::Event, outbox::Job, db::Tx};"),
        ("server.rs", "use crate::config::Config; use super::log;"),
        ("http/portal/users.rs", "use crate::http::{page, paths}; use super::super::error::Error; use super::list; pub(in crate::http) fn f() {}"),
        ("http/mod.rs", "use crate::http::{api, portal}; use self::scim::List; mod tests { use super::*; }"),
        ("http/portal/mod.rs", "mod tests { use super::*; use crate::server::Server; }"),
        ("base/id.rs", "//! crate::db\n/// `crate::work::Work`\nconst A: &str = \"crate::server\"; // crate::http\n/* super::super::cli */"),
        ("access/stage/mod.rs", "crate::choice! { pub enum A { B = \"b\" } } pub(crate) fn f(&self) {}"),
        ("lib.rs", "pub mod base; pub use crate::base::id;"),
    ] {
        assert_eq!(judged(file, text), [] as [&str; 0], "{file}: {text}");
    }
    let text = "#[macro_export]\nmacro_rules! one { () => {} }\nmacro_rules! two { () => {} }\n#[doc = \"\"] #[macro_export] macro_rules! three { () => {} }";
    assert_eq!(exported_macros(text), ["one", "three"]);
    assert_eq!(references("\n\nuse crate::db;", &vec!["work".to_owned()])[0].line, 3);
}
