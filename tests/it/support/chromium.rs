//! Chromium, driven through chromedriver: pages as people see them.

use super::watchdog::Guarded;
use super::{find_program, free_port, node, skipped};
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use url::{ParseError, Url};

/// One browser window with a profile of its own. `close` it at the end; what is left open ends with the test process.
pub struct Chromium {
    /// The session.
    pub client: Client,
}

/// A command that only chromedriver knows.
#[derive(Debug)]
struct DriverCommand {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for DriverCommand {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

struct Driver {
    process: Guarded,
    port: u16,
}

/// The one chromedriver of this test process. Its folder holds the profiles, so they go with it.
fn driver() -> Option<&'static Driver> {
    static DRIVER: OnceLock<Option<Driver>> = OnceLock::new();
    let start = || {
        let (Some(program), Some(_)) = (find_program("chromedriver", &[]), find_program("chromium", &[])) else {
            skipped("tests in Chromium", "chromium and chromedriver are not both in PATH");
            return None;
        };
        let port = free_port();
        // KILL: there is nothing to save, and the driver takes its time otherwise. It reaches the browsers too, in the same group.
        let process = Guarded::start("chromium", "KILL", "true", |_| vec![program.display().to_string(), format!("--port={port}")]);
        process.wait_for("chromedriver", |_| TcpStream::connect(("127.0.0.1", port)).ok());
        Some(Driver { process, port })
    };
    DRIVER.get_or_init(start).as_ref()
}

impl Chromium {
    /// Opens a window; `None`, said once, where Chromium is not installed.
    pub async fn open() -> Option<Self> {
        let driver = driver()?;
        let profile = tempfile::Builder::new().prefix("profile-").tempdir_in(driver.process.folder()).expect("a folder").keep();
        let mut arguments: Vec<String> = [
            "headless=new",
            "no-sandbox",
            "disable-gpu",
            "disable-dev-shm-usage",
            "no-first-run",
            "disable-background-networking",
            "disable-component-update",
            "disable-sync",
            "disable-quic",
            "hide-scrollbars",
            // The browser ends when the driver's end of the pipe closes, however that happens.
            "remote-debugging-pipe",
        ]
        .map(|flag| format!("--{flag}"))
        .into();
        arguments.push(format!("--user-data-dir={}", profile.display()));
        let mut capabilities = Map::new();
        capabilities.insert(String::from("goog:chromeOptions"), json!({ "args": arguments }));
        capabilities.insert(String::from("goog:loggingPrefs"), json!({ "browser": "ALL" }));
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await
            .expect("Chromium starts");
        let this = Self { client };
        this.width(1280).await;
        Some(this)
    }

    /// A command of Chrome's developer tools protocol. Answers its result.
    pub async fn devtools(&self, command: &'static str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.client.issue_cmd(DriverCommand { path: "goog/cdp/execute", body }).await.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// What the browser has written to its console since this was last asked: refusals of the content security policy, errors of
    /// scripts, files that did not load.
    pub async fn console(&self) -> Vec<String> {
        let log = self.client.issue_cmd(DriverCommand { path: "se/log", body: json!({ "type": "browser" }) }).await.expect("a log");
        log.as_array().expect("a list").iter().map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Makes the window so wide: 1280 for a desk, 390 for a phone (with touch and a phone's viewport).
    pub async fn width(&self, width: u32) {
        let mobile = width < 600;
        let height = if mobile { 844 } else { 900 };
        self.devtools("Emulation.setDeviceMetricsOverride", json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile })).await;
        self.devtools("Emulation.setTouchEmulationEnabled", json!({ "enabled": mobile })).await;
    }

    /// Asks pages for their dark or their light look, and for no motion: what is looked at must not be half-way between two colours.
    pub async fn dark(&self, dark: bool) {
        let scheme = json!({ "name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" } });
        let still = json!({ "name": "prefers-reduced-motion", "value": "reduce" });
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": [scheme, still] })).await;
    }

    /// Asks for pages in a language from now on.
    pub async fn language(&self, tag: &str) {
        let agent = self.evaluate("navigator.userAgent").await;
        self.devtools("Emulation.setUserAgentOverride", json!({ "userAgent": agent, "acceptLanguage": tag })).await;
    }

    /// Switches the pages' own JavaScript off or on; scripts of the test run all the same.
    pub async fn javascript(&self, on: bool) {
        self.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": !on })).await;
    }

    /// Opens an address.
    pub async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Evaluates an expression in the page, past its content security policy; waits for a promise. Answers its value.
    pub async fn evaluate(&self, expression: &str) -> Value {
        let parameters = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true, "allowUnsafeEvalBlockedByCSP": true });
        let answer = self.devtools("Runtime.evaluate", parameters).await;
        assert!(answer.get("exceptionDetails").is_none(), "{}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Keeps a picture of the whole page as `target/screenshots/NAME.png`.
    pub async fn screenshot(&self, name: &str) -> PathBuf {
        self.capture(name, json!({ "captureBeyondViewport": true })).await
    }

    /// Keeps a picture of what stands on a desk's screen without scrolling, at four fifths of its size: as pages are shown in a text.
    pub async fn picture(&self, name: &str) -> PathBuf {
        self.capture(name, json!({ "clip": { "x": 0, "y": 0, "width": 1280, "height": 900, "scale": 0.8 } })).await
    }

    async fn capture(&self, name: &str, how: Value) -> PathBuf {
        use base64::Engine;
        let picture = self.devtools("Page.captureScreenshot", how).await;
        let data = picture["data"].as_str().expect("a picture");
        // Beside the build, wherever cargo was told to put it: target/debug/deps/it-...
        let program = std::env::current_exe().expect("this program");
        let folder = program.ancestors().nth(3).unwrap_or(Path::new("target")).join("screenshots");
        std::fs::create_dir_all(&folder).expect("a folder");
        let file = folder.join(format!("{name}.png"));
        std::fs::write(&file, base64::engine::general_purpose::STANDARD.decode(data).expect("base64")).expect("the picture is written");
        file
    }

    /// Checks the page with axe (WCAG 2.2 A and AA and best practices), or only with its rules about `colours`. Answers one line for each
    /// element at fault; `None` where Node's packages are missing. JavaScript must be on.
    pub async fn accessibility(&self, colours: bool) -> Option<Vec<String>> {
        if !node::installed() {
            return None;
        }
        if self.evaluate("typeof axe").await == "undefined" {
            let axe = std::fs::read_to_string(node::folder().join("node_modules/axe-core/axe.min.js")).expect("axe-core is installed");
            // The check value keeps axe itself from being sent back.
            self.evaluate(&format!("{axe}\n;true")).await;
        }
        let rules = if colours {
            "{ type: 'rule', values: ['color-contrast', 'link-in-text-block'] }"
        } else {
            "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']"
        };
        let run = format!("axe.run(document, {{ runOnly: {rules}, resultTypes: ['violations'] }}).then(r => r.violations)");
        let violations = self.evaluate(&run).await;
        let lines = violations.as_array().expect("a list").iter().flat_map(|violation| {
            let nodes = violation["nodes"].as_array().cloned().unwrap_or_default();
            nodes
                .into_iter()
                .map(|node| format!("{}: {} at {}", violation["id"].as_str().unwrap_or_default(), violation["help"].as_str().unwrap_or_default(), node["html"]))
        });
        Some(lines.collect())
    }

    /// Closes the window.
    pub async fn close(self) {
        self.client.close().await.expect("Chromium closes");
    }
}
