//! Programs in JavaScript: the strict relying party of `tests/node` and the accessibility checker beside it.

use super::{find_program, skipped};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The folder `tests/node`.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node")
}

/// Makes sure that the packages are installed, exactly as the lock file says. `false`, said once, where that cannot be done.
pub fn installed() -> bool {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    *INSTALLED.get_or_init(|| {
        if find_program("node", &[]).is_none() {
            skipped("tests with Node", "node is not in PATH");
            return false;
        }
        // npm writes this file at the end of an installation.
        if folder().join("node_modules/.package-lock.json").exists() {
            return true;
        }
        let result = Command::new("npm").args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(folder()).stdin(Stdio::null()).output();
        match result {
            Ok(output) if output.status.success() => true,
            Ok(output) => {
                skipped("tests with Node", &format!("npm ci failed: {}", String::from_utf8_lossy(&output.stderr).trim()));
                false
            }
            Err(error) => {
                skipped("tests with Node", &format!("npm does not run: {error}"));
                false
            }
        }
    })
}

/// Runs `rp.mjs` with this configuration. `None` where Node is missing; `Err` holds what it said when a check failed.
pub async fn relying_party(config: &Value) -> Option<Result<Value, String>> {
    if !installed() {
        return None;
    }
    let config = config.to_string();
    let run = move || Command::new("node").args(["rp.mjs", &config]).current_dir(folder()).stdin(Stdio::null()).output();
    let output = tokio::task::spawn_blocking(run).await.expect("no panic").expect("node runs");
    Some(if output.status.success() {
        Ok(serde_json::from_slice(&output.stdout).expect("rp.mjs prints JSON"))
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    })
}
