//! How fast the real binary starts where nothing is, and how much memory it takes.
//!
//! `cargo bench --bench start` starts it in empty directories and prints the time until it answers discovery, and its memory
//! before the first sign-in and after twenty. `-- --long` looks again a minute after the last. `-- --binary PATH` measures
//! another build. It asserts nothing: a busy machine is no defect. What is demanded: 200 ms, and 40 MB at rest.

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response};
use scraper::{Html, Selector};
use std::error::Error;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const STARTS: usize = 10;
const PEOPLE: usize = 20;
const PASSWORD: &str = "correct horse battery staple";
/// The hash of that password, at a cost that the first sign-in raises to today's.
const HASH: &str = "$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0";

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A running server in a directory of its own; it ends with the value.
struct Running {
    process: Child,
    folder: tempfile::TempDir,
    binary: PathBuf,
    port: u16,
    /// From its start to the end of the first answer.
    first_answer: Duration,
}

impl Running {
    fn start(binary: &Path) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let begun = Instant::now();
        let process = command(binary, folder.path(), port).arg("serve").spawn()?;
        let mut running = Self { process, folder, binary: binary.to_owned(), port, first_answer: Duration::ZERO };
        while !running.answers()? {
            if begun.elapsed() > Duration::from_secs(30) || running.process.try_wait()?.is_some() {
                return Err("the server does not start".into());
            }
            std::thread::sleep(Duration::from_micros(500));
        }
        running.first_answer = begun.elapsed();
        Ok(running)
    }

    /// Asks for discovery over a connection of its own; `false`: nobody listens yet.
    fn answers(&self) -> Outcome<bool> {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else { return Ok(false) };
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(stream, "GET /.well-known/openid-configuration HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", self.port)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        if answer.starts_with("HTTP/1.1 200") { Ok(true) } else { Err(answer.into()) }
    }

    /// Resident memory in MB: all of it, and without the pages of files (`RssAnon`).
    fn memory(&self) -> Outcome<(f64, f64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let megabytes = |name: &str| -> Outcome<f64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or_else(|| format!("no {name} in /proc"))?;
            let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
            Ok(kilobytes * 1024.0 / 1e6)
        };
        Ok((megabytes("VmRSS:")?, megabytes("RssAnon:")?))
    }

    fn print_memory(&self, when: &str) -> Outcome<()> {
        let (all, anonymous) = self.memory()?;
        println!("{when:<40}{all:>8.1} MB resident, {anonymous:>6.1} MB of them its own");
        Ok(())
    }

    /// Makes an organization with people in it.
    fn apply(&self) -> Outcome<()> {
        let mut text = format!(
            "organization = {{ name = \"Acme\" }}\nowner = {{ email = \"p0@acme.example\", name = \"Olga\", password_hash = \"{HASH}\" }}\n\
             [[app]]\nkey = \"sales\"\nname = \"Sales\"\n[[app.deployment]]\nstage = \"production\"\nsign_in = \"everyone\"\n\
             clients = [{{ client_id = \"sales\", name = \"Sales\", metadata = {{ redirect_uris = [\"http://localhost:9/\"], token_endpoint_auth_method = \"none\" }} }}]\n"
        );
        for n in 1..PEOPLE {
            write!(text, "[[user]]\nemail = \"p{n}@acme.example\"\npassword_hash = \"{HASH}\"\n")?;
        }
        let file = self.folder.path().join("acme.toml");
        std::fs::write(&file, text)?;
        let status = command(&self.binary, self.folder.path(), self.port).arg("apply").arg(file).status()?;
        if status.success() { Ok(()) } else { Err("the file was not applied".into()) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The binary with nothing but its port set, and nothing of this environment.
fn command(binary: &Path, folder: &Path, port: u16) -> Command {
    let mut command = Command::new(binary);
    command.current_dir(folder).env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.arg("-s").arg(format!("server.listen=127.0.0.1:{port}")).arg("-s").arg(format!("server.public_url=http://localhost:{port}"));
    command
}

/// A browser that knows as much of cookies as this needs.
struct Browser {
    http: Client,
    issuer: String,
    cookies: Vec<String>,
}

impl Browser {
    async fn ask(&mut self, method: Method, path: &str, form: &[(&str, &str)]) -> Outcome<Response> {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.issuer)).header(COOKIE, self.cookies.join("; "));
        if method == Method::POST {
            request = request.form(form);
        }
        let answer = request.send().await?;
        let set = answer.headers().get_all(SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok()?.split(';').next().map(str::to_owned));
        self.cookies.extend(set);
        Ok(answer)
    }

    /// The whole way from the app to the code.
    async fn sign_in(http: Client, issuer: String, email: String) -> Outcome<()> {
        let mut browser = Self { http, issuer, cookies: Vec::new() };
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let request = format!(
            "/oauth2/authorize?response_type=code&client_id=sales&redirect_uri=http://localhost:9/&scope=openid&code_challenge={challenge}&code_challenge_method=S256"
        );
        browser.ask(Method::GET, &request, &[]).await?;
        let page = browser.ask(Method::GET, "/login", &[]).await?.text().await?;
        let csrf = {
            let field = Selector::parse("input[name=csrf]").map_err(|error| error.to_string())?;
            let document = Html::parse_document(&page);
            document.select(&field).next().and_then(|field| field.attr("value")).ok_or("no form")?.to_owned()
        };
        browser.ask(Method::POST, "/login", &[("username", &email), ("password", PASSWORD), ("csrf", &csrf), ("action", "sign-in")]).await?;
        let answer = browser.ask(Method::GET, "/login", &[]).await?;
        let to = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
        if to.starts_with("http://localhost:9/?code=") { Ok(()) } else { Err(format!("{email} got no code, but {}", answer.status()).into()) }
    }
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let given = arguments.iter().position(|argument| argument == "--binary").and_then(|at| arguments.get(at + 1));
    let binary = given.map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_gatehouse")), PathBuf::from).canonicalize()?;

    let mut times = (0..STARTS).map(|_| Ok(Running::start(&binary)?.first_answer.as_secs_f64() * 1e3)).collect::<Outcome<Vec<f64>>>()?;
    times.sort_by(f64::total_cmp);
    println!("first answer in an empty directory, {STARTS} times: min {:.0} ms, median {:.0} ms, max {:.0} ms", times[0], times[STARTS / 2], times[STARTS - 1]);

    let server = Running::start(&binary)?;
    // The signing keys are made meanwhile.
    std::thread::sleep(Duration::from_secs(3));
    server.print_memory("before the first sign-in")?;
    server.apply()?;
    let began = Instant::now();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let http = Client::builder().redirect(Policy::none()).no_proxy().build()?;
        let issuer = format!("http://localhost:{}", server.port);
        let all = (0..PEOPLE).map(|n| Browser::sign_in(http.clone(), issuer.clone(), format!("p{n}@acme.example")));
        futures_util::future::try_join_all(all).await
    })?;
    server.print_memory(&format!("after {PEOPLE} sign-ins in {} ms", began.elapsed().as_millis()))?;
    if arguments.iter().any(|argument| argument == "--long") {
        std::thread::sleep(Duration::from_mins(1));
        server.print_memory("a minute later")?;
    }
    Ok(())
}
