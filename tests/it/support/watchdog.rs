//! Helper programs that never outlive the test run, however it ends.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

/// A program under guard. A shell beside it waits for the end of a pipe that only this process holds open: when this value
/// is dropped or the process dies, even by SIGKILL, the shell ends the program and removes its folder.
pub struct Guarded {
    folder: PathBuf,
    shell: Child,
    leash: Option<ChildStdin>,
}

/// `$1` is the folder, `$2` the signal that ends the program in good order, `$3` the command that begins (it may change the
/// folder's owner), the rest is the program. KILL follows after five seconds. `setsid` gives the program a process group of
/// its own, so that what it started ends with it. (`kill -s`: dash does not know `kill -TERM -- -GROUP`.)
const SCRIPT: &str = r#"
folder=$1 signal=$2 begin=$3; shift 3
trap : HUP INT TERM
if sh -c "$begin" begin "$folder" >"$folder/begin.log" 2>&1; then
    setsid "$@" </dev/null >"$folder/program.log" 2>&1 &
    program=$!
    cat >/dev/null
    kill -s $signal -- -$program 2>/dev/null
    tries=0
    while kill -s 0 -- -$program 2>/dev/null && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
    kill -s KILL -- -$program 2>/dev/null
else
    touch "$folder/failed"
    cat >/dev/null
fi
rm -rf "$folder"
"#;

impl Guarded {
    /// Starts `program` in the care of a watchdog; `begin` is a shell command that must succeed first, with the folder as `$1`;
    /// `signal` ends the program in good order.
    pub fn start(name: &str, signal: &str, begin: &str, program: impl FnOnce(&Path) -> Vec<String>) -> Self {
        let folder = tempfile::Builder::new().prefix(&format!("gatehouse-{name}-")).tempdir().expect("a temporary folder").keep();
        let mut shell = Command::new("sh")
            .args(["-c", SCRIPT, "watchdog"])
            .arg(&folder)
            .args([signal, begin])
            .args(program(&folder))
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C in a terminal goes to the whole group; the watchdog must live to clean up.
            .process_group(0)
            .spawn()
            .expect("a shell");
        let leash = shell.stdin.take();
        Self { folder, shell, leash }
    }

    /// The folder that goes with the program.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether the program could not begin or has ended.
    pub fn has_failed(&self) -> bool {
        self.folder.join("failed").exists()
    }

    /// What the program and its beginning have said.
    pub fn log(&self) -> String {
        let mut text = String::new();
        for name in ["begin.log", "program.log"] {
            if let Ok(mut file) = std::fs::File::open(self.folder.join(name)) {
                let _ = file.read_to_string(&mut text);
            }
        }
        text
    }

    /// Waits until `ready` answers something; panics with the program's words when that takes too long.
    pub fn wait_for<T>(&self, what: &str, mut ready: impl FnMut(&Self) -> Option<T>) -> T {
        let deadline = Instant::now() + super::PATIENCE;
        loop {
            if let Some(result) = ready(self) {
                return result;
            }
            assert!(!self.has_failed() && Instant::now() < deadline, "{what} did not start:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        drop(self.leash.take());
        let _ = self.shell.wait();
    }
}
