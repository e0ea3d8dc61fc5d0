//! What developers are shown: each snippet, exactly as the page of the demo app prints it, judges real tokens; and the resource server
//! answers as it should.

mod keys;

use crate::demo::{enable, tried};
use crate::support::house::{Backend, House};
use crate::support::node;
use crate::support::watchdog::Guarded;
use crate::support::{find_program, free_port, skipped};
use gatehouse::base::time::{Clock, Timestamp};
use gatehouse::crypto::jwt::Algorithm;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Where the snippets are built; what is fetched and built for one stays for the next run.
fn workshop(language: &str) -> PathBuf {
    let program = std::env::current_exe().expect("this program");
    let folder = program.ancestors().nth(3).unwrap_or(Path::new("target")).join("verify").join(language);
    fs::create_dir_all(&folder).expect("a folder");
    // Whatever belongs to the project beside the snippet.
    for file in fs::read_dir(example(language)).expect("the example").map(|entry| entry.expect("an entry").path()) {
        if file.is_file() {
            fs::copy(&file, folder.join(file.file_name().expect("a name"))).expect("copied");
        }
    }
    folder
}

fn example(language: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/verify").join(language)
}

/// A command that must succeed; answers what it printed.
fn run(what: &str, command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{what}: {error}"));
    let (said, printed) = (String::from_utf8_lossy(&output.stderr).into_owned(), String::from_utf8_lossy(&output.stdout).into_owned());
    assert!(output.status.success(), "{what}: {printed}\n{said}");
    printed
}

/// Whether all of these programs are there; says so once where one is not.
fn found(language: &str, programs: &[&str]) -> bool {
    let missing = programs.iter().find(|program| find_program(program, &[]).is_none());
    if let Some(program) = missing {
        skipped(&format!("the snippet in {language}"), &format!("{program} is not in PATH"));
    }
    missing.is_none()
}

/// What the snippets are asked, with the right answer.
struct Question {
    name: &'static str,
    token: String,
    good: bool,
}

/// Tokens of a running server, and the page that shows the snippets.
struct Exam {
    house: House,
    page: crate::support::page::Page,
    questions: Vec<Question>,
}

impl Exam {
    async fn open() -> Self {
        // Yesterday's tokens have expired by today; the snippets look at the clock of this machine.
        let clock = Clock::fixed(Clock::System.now().minus(Duration::from_hours(2)));
        // And today's must live until the last snippet is built, which takes a while the first time.
        let house = House::open_with(Backend::Sqlite, &[("tokens.access_life", "3600")], clock.clone()).await;
        enable(&house, "sales", "production").await;
        enable(&house, "wiki", "production").await;
        let token = async |app: &str, email: &str| tried(&house, app, email).await.element("access-raw").expect("a token");
        let expired = token("sales", "ana@acme.example").await;
        clock.advance(Duration::from_hours(2));
        let page = tried(&house, "sales", "ana@acme.example").await;
        let good = page.element("access-raw").expect("a token");
        let mut questions = Vec::new();
        let mut ask = |name, token: String, good| questions.push(Question { name, token, good });
        let (head, signature) = good.rsplit_once('.').expect("a JWT");
        let tampered = claims(&good, &json!({ "permissions": ["approve", "read", "everything"] }));
        ask("good", good.clone(), true);
        ask("another audience", token("wiki", "ana@acme.example").await, false);
        ask("expired", expired, false);
        ask("tampered", format!("{}.{}.{signature}", head.split('.').next().expect("a header"), tampered), false);
        ask("an ID token", page.element("id-raw").expect("a token"), false);
        ask("unsigned", format!("{}.{}.", encode(&json!({ "alg": "none", "typ": "at+jwt" })), good.split('.').nth(1).expect("claims")), false);
        // The reason quotes the name, which may not go into a header as it stands (no line break: answers are lines).
        let odd = json!({ "alg": "\u{1}\u{e9}\"\\", "typ": "at+jwt" });
        ask("an algorithm of unprintable name", format!("{}.{}.{signature}", encode(&odd), good.split('.').nth(1).expect("claims")), false);
        // What the server itself would never sign: each differs from the good one in one place.
        let now = house.server.ground.clock.now();
        ask("no list of permissions", signed(&house, now, "at+jwt", &good, &json!({ "permissions": null })).await, false);
        ask("too few permissions", signed(&house, now, "at+jwt", &good, &json!({ "permissions": ["read"] })).await, false);
        ask("another issuer", signed(&house, now, "at+jwt", &good, &json!({ "iss": "https://evil.example" })).await, false);
        ask("without an end", signed(&house, now, "at+jwt", &good, &json!({ "exp": null })).await, false);
        ask("another kind of token", signed(&house, now, "JWT", &good, &json!({})).await, false);
        ask("nonsense", "nonsense".into(), false);
        ask("good again", signed(&house, now, "at+jwt", &good, &json!({})).await, true);
        Self { house, page, questions }
    }

    /// Puts the snippet as the page shows it into the project around it.
    fn prepare(&self, language: &str, file: &str) -> PathBuf {
        let folder = workshop(language);
        let document = scraper::Html::parse_document(&self.page.body);
        let selector = scraper::Selector::parse(&format!("#snippet-{language}")).expect("a selector");
        let text: String = document.select(&selector).next().expect("the snippet").text().collect();
        assert!(text.contains(&self.house.issuer) && text.contains("/apps/sales/production\"") && text.contains("\"approve\""), "{text}");
        fs::write(folder.join(file), text).expect("written");
        folder
    }

    /// Asks the program every question, and looks at its answers.
    async fn judge(&self, language: &str, mut program: Command) {
        let input = self.questions.iter().map(|question| question.token.as_str()).collect::<Vec<_>>().join("\n") + "\n";
        // The server runs in this thread, and must answer meanwhile.
        let answered = tokio::task::spawn_blocking(move || {
            let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program starts");
            child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("asked");
            child.wait_with_output().expect("it ends")
        });
        let output = String::from_utf8(answered.await.expect("no panic").stdout).expect("text");
        let answers: Vec<&str> = output.lines().collect();
        assert_eq!(answers.len(), self.questions.len(), "{language}: {output}");
        for (Question { name, good, .. }, answer) in self.questions.iter().zip(answers) {
            assert_eq!(answer.starts_with("good "), *good, "{language}, {name}: {answer}");
            assert!(if *good { answer.ends_with(" approve,read") } else { answer.starts_with("bad ") }, "{language}, {name}: {answer}");
        }
    }
}

fn encode(value: &Value) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
}

/// The claims of a token with some of them changed; `null` takes one out.
fn changed(token: &str, with: &Value) -> Value {
    use base64::Engine;
    let middle = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("claims")).expect("base64");
    let mut claims: Value = serde_json::from_slice(&middle).expect("JSON");
    for (name, value) in with.as_object().expect("an object") {
        claims[name] = value.clone();
    }
    claims.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    claims
}

fn claims(token: &str, with: &Value) -> String {
    encode(&changed(token, with))
}

/// Such claims, signed with the server's own key.
async fn signed(house: &House, now: Timestamp, typ: &str, token: &str, with: &Value) -> String {
    let ring = house.server.provider.ready_keys(&house.server.ground).await.expect("read").expect("keys");
    ring.signer(Algorithm::Es256, now).expect("a key").sign(typ, &changed(token, with)).expect("signed")
}

/// Builds an example of this package, which is done already where all tests run; answers what cargo says of it, line by line.
fn build(example: &str) -> String {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--locked", "--quiet", "--message-format", "json", "--example", example]).current_dir(env!("CARGO_MANIFEST_DIR"));
    run("cargo build", &mut cargo)
}

/// The snippet in Rust is compiled by itself, against what the example of this package was built with.
fn rust(folder: &Path) -> Command {
    let built = build("verify");
    let mut compile = Command::new("rustc");
    compile.args(["--edition", "2024", "-C", "debuginfo=0", "-o", "verify", "main.rs"]).current_dir(folder);
    let mut packages: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for message in built.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let list = |name: &str| message[name].as_array().cloned().unwrap_or_default();
        for path in list("linked_paths").iter().filter_map(Value::as_str) {
            compile.args(["-L", path]);
        }
        let Some(file) = list("filenames")
            .iter()
            .filter_map(Value::as_str)
            .find(|file| Path::new(file).extension().is_some_and(|kind| kind == "rlib"))
            .map(ToOwned::to_owned)
        else {
            continue;
        };
        let name = message["target"]["name"].as_str().unwrap_or_default().to_owned();
        // What runs in macros and build scripts is built a second time, with fewer features.
        let features = list("features").len();
        if packages.get(&name).is_none_or(|(fewer, _)| *fewer < features) {
            packages.insert(name, (features, file));
        }
    }
    for name in ["jsonwebtoken", "reqwest", "serde", "tokio"] {
        let (_, file) = packages.get(name).unwrap_or_else(|| panic!("no {name} in {built}"));
        let deps = Path::new(file).parent().expect("a folder").display();
        compile.args(["--extern", &format!("{name}={file}"), "-L", &format!("dependency={deps}")]);
    }
    run("rustc", &mut compile);
    Command::new(folder.join("verify"))
}

fn typescript(folder: &Path) -> Command {
    let modules = folder.join("node_modules");
    if !modules.exists() {
        std::os::unix::fs::symlink(node::folder().join("node_modules"), &modules).expect("linked");
    }
    run("tsc", Command::new(modules.join(".bin/tsc")).current_dir(folder));
    let mut program = Command::new("node");
    program.arg("main.mjs").current_dir(folder);
    program
}

fn python(folder: &Path) -> Command {
    let python = folder.join("venv/bin/python");
    if !folder.join("venv/installed").exists() {
        run("python3 -m venv", Command::new("python3").args(["-m", "venv", "venv"]).current_dir(folder));
        run("pip install", Command::new(&python).args(["-m", "pip", "install", "--quiet", "--requirement", "requirements.txt"]).current_dir(folder));
        fs::write(folder.join("venv/installed"), "").expect("noted");
    }
    let mut program = Command::new(python);
    program.arg("main.py").current_dir(folder);
    program
}

fn go(folder: &Path) -> Command {
    run("go build", Command::new("go").args(["build", "-o", "verify", "."]).current_dir(folder));
    Command::new(folder.join("verify"))
}

fn java(folder: &Path) -> Command {
    if !folder.join("lib").exists() {
        run("mvn", Command::new("mvn").args(["--quiet", "--batch-mode", "dependency:copy-dependencies", "-DoutputDirectory=lib"]).current_dir(folder));
    }
    run("javac", Command::new("javac").args(["-cp", "lib/*", "-d", "classes", "Verify.java", "Main.java"]).current_dir(folder));
    let mut program = Command::new("java");
    program.args(["-XX:TieredStopAtLevel=1", "-cp", "classes:lib/*", "Main"]).current_dir(folder);
    program
}

#[actix_web::test]
async fn every_snippet_accepts_what_is_right_and_nothing_else() {
    let exam = Exam::open().await;
    let mut builds = Vec::new();
    let mut begin = |language: &'static str, file: &str, ready: bool, build: fn(&Path) -> Command| {
        if ready {
            let folder = exam.prepare(language, file);
            builds.push((language, tokio::task::spawn_blocking(move || build(&folder))));
        }
    };
    begin("rust", "verify.rs", found("Rust", &["rustc"]), rust);
    begin("typescript", "verify.ts", node::installed(), typescript);
    begin("python", "verify.py", found("Python", &["python3"]), python);
    begin("go", "verify.go", found("Go", &["go"]), go);
    begin("java", "Verify.java", found("Java", &["mvn", "javac", "java"]), java);
    for (language, program) in builds {
        let program = program.await.unwrap_or_else(|error| panic!("{language}: {error}"));
        exam.judge(language, program).await;
    }
    exam.house.close().await;
}

/// Starts the resource server with these further settings; answers where it listens.
async fn resource_server(issuer: &str, audience: &str, further: &[(&str, String)]) -> (Guarded, String) {
    let built = tokio::task::spawn_blocking(|| build("resource-server")).await.expect("built");
    let messages = built.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let program = messages.filter_map(|message| message["executable"].as_str().map(ToOwned::to_owned)).next_back().expect("a program");
    let listen = format!("127.0.0.1:{}", free_port());
    let process = Guarded::start("resource-server", "KILL", "true", |_| {
        let setting = |name: &str, value: &str| format!("{name}={value}");
        let settings = [setting("ISSUER", issuer), setting("AUDIENCE", audience), setting("LISTEN", &listen)];
        let further = further.iter().map(|(name, value)| setting(name, value));
        ["env".to_owned()].into_iter().chain(settings).chain(further).chain([program]).collect()
    });
    process.wait_for("the resource server", |_| std::net::TcpStream::connect(&listen).ok());
    (process, listen)
}

#[actix_web::test]
async fn the_resource_server_lets_in_whoever_may() {
    let exam = Exam::open().await;
    let issuer = &exam.house.issuer;
    let (process, listen) = resource_server(issuer, &format!("{issuer}/apps/sales/production"), &[]).await;
    let http = crate::support::http().build().expect("a client");
    let ask = async |method: Method, path: &str, authorization: Option<String>| {
        let request = http.request(method, format!("http://{listen}{path}"));
        let request = if let Some(header) = authorization { request.header("Authorization", header) } else { request };
        let answer = request.send().await.expect("an answer");
        let challenge = answer.headers().get("www-authenticate").map(|value| value.to_str().expect("text").to_owned()).unwrap_or_default();
        (answer.status().as_u16(), challenge, answer.text().await.expect("a body"))
    };
    // No token: no error is named (RFC 6750 section 3.1).
    for header in [None, Some("Basic YTpi".to_owned()), Some("Bearer".to_owned())] {
        let (status, challenge, _) = ask(Method::GET, "/orders", header).await;
        assert_eq!((status, challenge.as_str()), (401, "Bearer realm=\"orders\""));
    }
    for Question { name, token, good } in &exam.questions {
        let may_read = *good || *name == "too few permissions";
        let (status, challenge, body) = ask(Method::GET, "/orders", Some(format!("bearer {token}"))).await;
        let (approved, refused, _) = ask(Method::POST, "/orders/7/approve", Some(format!("Bearer {token}"))).await;
        if may_read {
            assert!(status == 200 && body.contains("A. Customer"), "{name}: {status} {challenge}");
        } else if *name == "no list of permissions" {
            assert!(status == 403 && challenge.contains("error=\"insufficient_scope\""), "{name}: {status} {challenge}");
        } else {
            assert!(status == 401 && challenge.contains("error=\"invalid_token\""), "{name}: {status} {challenge}");
            // One string of the characters that RFC 6750 section 3 allows.
            let why = challenge.split_once("error_description=\"").and_then(|(_, why)| why.strip_suffix('"')).expect("a reason");
            assert!(!why.is_empty() && why.chars().all(|letter| matches!(letter, ' ' | '!' | '#'..='[' | ']'..='~')), "{name}: {challenge}");
        }
        match (*good, may_read) {
            (true, _) => assert_eq!(approved, 200, "{name}: {refused}"),
            (false, true) => assert!(approved == 403 && refused.contains("the permission approve"), "{name}: {approved} {refused}"),
            (false, false) => assert_eq!(approved, status, "{name}: {refused}"),
        }
    }
    assert_eq!(ask(Method::GET, "/nothing", None).await.0, 404);
    drop(process);
    exam.house.close().await;
}
