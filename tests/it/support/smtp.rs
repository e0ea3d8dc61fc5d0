//! A mail server: it speaks SMTP (RFC 5321) with STARTTLS (RFC 3207), TLS from the first byte (RFC 8314) and AUTH (RFC 4954)
//! over real sockets, and keeps what it accepts.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_parser::MessageParser;
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// The user that the server knows.
pub const USER: &str = "mailer@example.org";
/// The password of that user: with characters that a URL must escape.
pub const PASSWORD: &str = "correct/horse:battery";
/// Both, as they stand in a URL.
pub const CREDENTIALS: &str = "mailer%40example.org:correct%2Fhorse%3Abattery";

/// How connections are protected.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// STARTTLS is offered; MAIL is refused before TLS and AUTH.
    StartTls,
    /// TLS from the first byte; MAIL is refused before AUTH.
    Implicit,
    /// Neither TLS nor AUTH is known.
    Plain,
}

/// What the server does with letters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// Takes them.
    Accept,
    /// Refuses every recipient for good (550).
    RejectRecipient,
    /// Refuses every recipient for now (451).
    Busy,
    /// Accepts connections and says nothing.
    Hang,
    /// Takes a letter and cuts the connection before saying so.
    DropAfterData,
    /// Takes a letter and never says so.
    SilentAfterData,
}

/// A letter as it arrived.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// The message as sent, dots unstuffed.
    pub data: Vec<u8>,
}

impl Mail {
    /// A header, decoded; `None` when it is missing.
    pub fn header(&self, name: &str) -> Option<String> {
        let message = MessageParser::default().parse(&self.data)?;
        message.header_raw(name).map(|value| value.trim().to_owned())
    }

    /// The Message-ID, without angle brackets.
    pub fn message_id(&self) -> Option<String> {
        MessageParser::default().parse(&self.data)?.message_id().map(String::from)
    }

    /// The subject, decoded.
    pub fn subject(&self) -> Option<String> {
        MessageParser::default().parse(&self.data)?.subject().map(String::from)
    }

    /// The plain text part, decoded.
    pub fn text(&self) -> Option<String> {
        MessageParser::default().parse(&self.data)?.body_text(0).map(String::from)
    }

    /// The HTML part, decoded.
    pub fn html(&self) -> Option<String> {
        MessageParser::default().parse(&self.data)?.body_html(0).map(String::from)
    }
}

struct State {
    mode: Mode,
    tls: TlsAcceptor,
    behaviour: Mutex<Behaviour>,
    mechanisms: Mutex<&'static str>,
    mails: Mutex<Vec<Mail>>,
}

/// A running mail server; it ends with the value.
pub struct Smtp {
    state: Arc<State>,
    port: u16,
    certificate: tempfile::NamedTempFile,
    listener: tokio::task::JoinHandle<()>,
}

impl Smtp {
    /// Starts a server on a free loopback port, with a certificate for `localhost` that no system trusts.
    pub async fn start(mode: Mode) -> Self {
        let pair = rcgen::generate_simple_self_signed([String::from("localhost")]).expect("a certificate");
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(pair.signing_key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("TLS versions")
            .with_no_client_auth()
            .with_single_cert(vec![pair.cert.der().clone()], key)
            .expect("a usable certificate");
        let certificate = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(certificate.path(), pair.cert.pem()).expect("the certificate is written");

        let socket = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = socket.local_addr().expect("an address").port();
        let state = Arc::new(State {
            mode,
            tls: TlsAcceptor::from(Arc::new(config)),
            behaviour: Mutex::new(Behaviour::Accept),
            mechanisms: Mutex::new("PLAIN LOGIN"),
            mails: Mutex::new(Vec::new()),
        });
        let shared = Arc::clone(&state);
        let listener = tokio::spawn(async move {
            while let Ok((stream, _)) = socket.accept().await {
                // A client that goes away in the middle ends its own connection only.
                tokio::spawn(serve(Arc::clone(&shared), stream));
            }
        });
        Self { state, port, certificate, listener }
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The certificate to trust, as a PEM file.
    pub fn ca_file(&self) -> PathBuf {
        self.certificate.path().to_owned()
    }

    /// What a client of this server has in its settings.
    pub fn url(&self) -> String {
        match self.state.mode {
            Mode::StartTls => format!("smtp://{CREDENTIALS}@localhost:{}", self.port),
            Mode::Implicit => format!("smtps://{CREDENTIALS}@localhost:{}", self.port),
            Mode::Plain => format!("smtp://localhost:{}?tls=none", self.port),
        }
    }

    /// Changes what happens to letters from now on.
    pub fn behave(&self, behaviour: Behaviour) {
        *self.state.behaviour.lock().expect("nobody panics here") = behaviour;
    }

    /// Changes which AUTH mechanisms are offered and taken: of `PLAIN` and `LOGIN`.
    pub fn offer(&self, mechanisms: &'static str) {
        *self.state.mechanisms.lock().expect("nobody panics here") = mechanisms;
    }

    /// The letters accepted so far, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.state.mails.lock().expect("nobody panics here").clone()
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

struct Session {
    state: Arc<State>,
    stream: BufReader<Box<dyn Stream>>,
    encrypted: bool,
    authenticated: bool,
    from: Option<String>,
    to: Vec<String>,
}

async fn serve(state: Arc<State>, stream: TcpStream) -> io::Result<()> {
    if state.behaviour() == Behaviour::Hang {
        std::future::pending::<()>().await;
    }
    let encrypted = state.mode == Mode::Implicit;
    let stream: Box<dyn Stream> = if encrypted { Box::new(state.tls.accept(stream).await?) } else { Box::new(stream) };
    let mut session = Session { state, stream: BufReader::new(stream), encrypted, authenticated: false, from: None, to: Vec::new() };
    session.say("220 localhost ready").await?;
    loop {
        let line = session.line().await?;
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => session.greet().await?,
            "STARTTLS" if session.state.mode == Mode::StartTls && !session.encrypted => {
                session.say("220 go ahead").await?;
                // What was sent ahead of the handshake dies with the buffer (RFC 3207 section 6).
                let plain = session.stream.into_inner();
                let secure: Box<dyn Stream> = Box::new(session.state.tls.accept(plain).await?);
                session = Session { stream: BufReader::new(secure), encrypted: true, from: None, to: Vec::new(), ..session };
            }
            "AUTH" => session.authenticate(rest).await?,
            "MAIL" => session.mail(rest).await?,
            "RCPT" => session.recipient(rest).await?,
            "DATA" => {
                if !session.data().await? {
                    return Ok(());
                }
            }
            "RSET" => {
                session.forget();
                session.say("250 forgotten").await?;
            }
            "NOOP" => session.say("250 here").await?,
            "QUIT" => return session.say("221 bye").await,
            _ => session.say("502 unknown command").await?,
        }
    }
}

impl State {
    fn behaviour(&self) -> Behaviour {
        *self.behaviour.lock().expect("nobody panics here")
    }
}

impl Session {
    async fn say(&mut self, text: &str) -> io::Result<()> {
        self.stream.get_mut().write_all(format!("{text}\r\n").as_bytes()).await?;
        self.stream.get_mut().flush().await
    }

    async fn raw_line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        self.stream.read_until(b'\n', &mut line).await?;
        if line.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(line) }
    }

    async fn line(&mut self) -> io::Result<String> {
        Ok(String::from_utf8_lossy(&self.raw_line().await?).trim_end().to_owned())
    }

    fn forget(&mut self) {
        self.from = None;
        self.to.clear();
    }

    async fn greet(&mut self) -> io::Result<()> {
        self.forget();
        let mut words = vec![String::from("localhost"), String::from("8BITMIME"), String::from("SMTPUTF8")];
        if self.state.mode == Mode::StartTls && !self.encrypted {
            words.push(String::from("STARTTLS"));
        }
        if self.encrypted {
            words.push(format!("AUTH {}", self.state.mechanisms.lock().expect("nobody panics here")));
        }
        let last = words.len() - 1;
        for (index, word) in words.iter().enumerate() {
            self.say(&format!("250{}{word}", if index == last { ' ' } else { '-' })).await?;
        }
        Ok(())
    }

    async fn authenticate(&mut self, rest: &str) -> io::Result<()> {
        if !self.encrypted {
            return self.say("538 encryption required").await;
        }
        let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
        if !self.state.mechanisms.lock().expect("nobody panics here").split(' ').any(|offered| offered.eq_ignore_ascii_case(mechanism)) {
            return self.say("504 unknown mechanism").await;
        }
        let given = if mechanism.eq_ignore_ascii_case("PLAIN") {
            let response = if initial.is_empty() { self.ask("").await? } else { decode(initial) };
            // authorization identity NUL user NUL password (RFC 4616)
            let mut parts = response.split('\0').skip(1).map(String::from);
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
        } else {
            let user = if initial.is_empty() { self.ask("Username:").await? } else { decode(initial) };
            (user, self.ask("Password:").await?)
        };
        self.authenticated = given == (String::from(USER), String::from(PASSWORD));
        self.say(if self.authenticated { "235 welcome" } else { "535 wrong user or password" }).await
    }

    async fn ask(&mut self, question: &str) -> io::Result<String> {
        self.say(&format!("334 {}", STANDARD.encode(question))).await?;
        Ok(decode(&self.line().await?))
    }

    async fn mail(&mut self, rest: &str) -> io::Result<()> {
        if self.state.mode != Mode::Plain && !(self.encrypted && self.authenticated) {
            return self.say("530 TLS and authentication required").await;
        }
        self.forget();
        self.from = path(rest, "FROM:");
        self.say(if self.from.is_some() { "250 sender noted" } else { "501 MAIL FROM:<address>" }).await
    }

    async fn recipient(&mut self, rest: &str) -> io::Result<()> {
        let Some(to) = path(rest, "TO:").filter(|_| self.from.is_some()) else {
            return self.say("503 MAIL first, then RCPT TO:<address>").await;
        };
        match self.state.behaviour() {
            Behaviour::RejectRecipient => self.say("550 nobody of that name here").await,
            Behaviour::Busy => self.say("451 try again later").await,
            _ => {
                self.to.push(to);
                self.say("250 recipient noted").await
            }
        }
    }

    /// Takes a letter. Answers whether the connection goes on.
    async fn data(&mut self) -> io::Result<bool> {
        let Some(from) = self.from.take().filter(|_| !self.to.is_empty()) else {
            self.say("503 RCPT first").await?;
            return Ok(true);
        };
        self.say("354 end with a dot").await?;
        let mut data = Vec::new();
        loop {
            let line = self.raw_line().await?;
            if line == b".\r\n" {
                break;
            }
            // A leading dot was doubled by the client (RFC 5321 section 4.5.2).
            data.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
        let mail = Mail { from, to: std::mem::take(&mut self.to), data };
        self.state.mails.lock().expect("nobody panics here").push(mail);
        match self.state.behaviour() {
            Behaviour::DropAfterData => return Ok(false),
            Behaviour::SilentAfterData => std::future::pending().await,
            _ => {}
        }
        self.say("250 accepted").await?;
        Ok(true)
    }
}

/// The address in `FROM:<address> PARAMETERS`.
fn path(text: &str, prefix: &str) -> Option<String> {
    let start = text.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix))?;
    text[start.len()..].trim_start().strip_prefix('<')?.split_once('>').map(|(address, _)| address.to_owned())
}

fn decode(text: &str) -> String {
    STANDARD.decode(text).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}
