//! Nobody may change somebody's access without a preview knowing it.

use std::fs;
use std::path::Path;

/// What the statements look like that change whose access counts, or raise the counter of somebody's.
const STATEMENTS: &[&str] = &["access_version = access_version + 1", "INSERT INTO users", "UPDATE users SET status", "DELETE FROM users"];

/// Functions that need not name anybody, and why.
const EXEMPT: &[(&str, &str)] =
    &[("holders_access_changed", "the role goes, and the configuration shows that"), ("insert", "it goes on to `update`, which names the user")];

fn functions_of(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" {
            functions_of(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && name != "tests.rs" {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            for function in code.split("fn ").skip(1) {
                let name = function.split(['(', '<']).next().unwrap();
                found.push((format!("{} in {}", name, path.display()), function.to_owned()));
            }
        }
    }
}

#[test]
fn whoever_raises_the_counter_of_somebodys_access_says_whose() {
    let mut functions = Vec::new();
    functions_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut functions);
    let raising: Vec<_> = functions.iter().filter(|(_, text)| STATEMENTS.iter().any(|statement| text.contains(statement))).collect();
    assert!(raising.len() >= 6, "the statements are found: {raising:?}");
    for (name, text) in raising {
        let exempt = EXEMPT.iter().any(|(exempt, _)| name.starts_with(&format!("{exempt} in ")));
        assert!(exempt || text.contains(".touched."), "{name}: note whose access it is in `work.touched`, or previews miss them");
    }
}
