use super::*;

fn settings(url: &str) -> Settings {
    Settings { smtp_url: Some(Secret::new(url.to_owned())), from: Some(String::from("Gatehouse <no-reply@example.org>")), ..Settings::default() }
}

fn letter(subject: &str) -> Letter {
    let to = EmailAddress::parse("Ana@Bücher.example").expect("an address");
    Letter { message_id: String::from("<job-1@example.org>"), to, subject: subject.to_owned(), text: String::from("Hello"), html: String::from("<p>Hello</p>") }
}

fn written(letter: &Letter) -> Result<String, SendError> {
    let from = "Gatehouse <no-reply@example.org>".parse().expect("a mailbox");
    message(&from, letter).map(|message| String::from_utf8(message.formatted()).expect("ASCII"))
}

#[test]
fn urls_are_read() {
    let server = Server::parse("smtp://ana%40example.org:p%3Ass%2F@Mail.Example.org").expect("a server");
    let (user, password) = server.credentials.expect("credentials");
    assert_eq!((server.host.as_str(), server.port, server.protection), ("mail.example.org", 587, Protection::Required));
    assert_eq!((user.as_str(), password.expose().as_str()), ("ana@example.org", "p:ss/"));

    let server = Server::parse("smtps://mail.example.org").expect("a server");
    assert_eq!((server.port, server.protection), (465, Protection::Implicit));
    assert_eq!(Server::parse("smtps://[::1]:4650").expect("a server").host, "::1");
    for local in ["localhost", "127.0.0.1", "127.8.8.8", "[::1]"] {
        let server = Server::parse(&format!("smtp://a:b@{local}:25?tls=none")).expect("plain on this machine");
        assert_eq!((server.port, server.protection), (25, Protection::None));
    }
    assert_eq!(Server::parse("smtp://mail.example.org?tls=opportunistic").expect("no password at risk").protection, Protection::Opportunistic);
}

#[test]
fn bad_urls_are_refused_without_quoting_them() {
    let reason = |url: &str| match Transport::open(&settings(url)) {
        Ok(_) => panic!("{url} was accepted"),
        Err(error) => {
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
            error
        }
    };
    assert!(matches!(reason("hunter2"), SettingsError::Url));
    assert!(matches!(reason("smtp://u:hunter2@"), SettingsError::Url));
    assert!(matches!(reason("smtp://u:hunter2@host/path"), SettingsError::Url));
    assert!(matches!(reason("http://u:hunter2@host"), SettingsError::Scheme));
    assert!(matches!(reason("smtp://u:hunter2@host?tls=maybe"), SettingsError::Parameter));
    assert!(matches!(reason("smtp://u:hunter2@host?timeout=3"), SettingsError::Parameter));
    assert!(matches!(reason("smtps://u:hunter2@localhost?tls=none"), SettingsError::Parameter));
    assert!(matches!(reason("smtp://u:hunter2@host?tls=none"), SettingsError::Unprotected));
    assert!(matches!(reason("smtp://host?tls=none"), SettingsError::Unprotected));
    assert!(matches!(reason("smtp://u:hunter2@host?tls=opportunistic"), SettingsError::Unprotected));
    assert!(matches!(reason("smtp://u:hunter2@localhost.example.org?tls=none"), SettingsError::Unprotected));
    assert!(matches!(reason("smtp://hunter2@host"), SettingsError::HalfCredentials));
}

#[test]
fn the_other_settings_are_checked() {
    let with = |change: fn(&mut Settings)| {
        let mut settings = settings("smtp://host");
        change(&mut settings);
        Transport::open(&settings).map(|_| ()).expect_err("refused")
    };
    assert!(matches!(with(|s| s.from = None), SettingsError::FromMissing));
    assert!(matches!(with(|s| s.from = Some(String::from("nobody"))), SettingsError::From));
    assert!(matches!(with(|s| s.from = Some(String::from("a@example.org\r\nBcc: b@example.org"))), SettingsError::From));
    assert!(matches!(with(|s| s.timeout_seconds = 0), SettingsError::Timeout));
    assert!(matches!(with(|s| s.ca_file = Some(PathBuf::from("/nowhere/ca.pem"))), SettingsError::CaFile(..)));
    assert!(matches!(with(|s| s.ca_file = Some(PathBuf::from("Cargo.toml"))), SettingsError::CaFile(..)));
}

#[tokio::test]
async fn without_a_server_letters_go_to_the_mailbox() {
    let transport = Transport::open(&Settings::default()).expect("the default works");
    assert!(matches!(transport, Transport::Mailbox));
    assert!(matches!(transport.send(&letter("Hi")).await, Err(SendError::Temporary(_))));
}

#[tokio::test]
async fn memory_keeps_letters_and_shows_them() {
    let memory = Memory::default();
    let transport = Transport::Memory(memory.clone());
    transport.send(&letter("One")).await.expect("kept");
    transport.send(&letter("Two")).await.expect("kept");
    assert_eq!(memory.letters(), [letter("One"), letter("Two")]);
    assert!(!format!("{transport:?}").contains("Hello"));
}

#[test]
fn letters_have_their_headers() {
    let text = written(&letter("Welcome")).expect("a letter");
    for line in ["Message-ID: <job-1@example.org>", "To: Ana@xn--bcher-kva.example", "Auto-Submitted: auto-generated", "Subject: Welcome", "MIME-Version: 1.0"]
    {
        assert!(text.lines().any(|l| l == line), "{line} in {text}");
    }
    assert!(text.contains("\r\nDate: ") && text.contains("multipart/alternative"), "{text}");
}

#[test]
fn nothing_in_a_letter_begins_a_header() {
    let text = written(&letter("Hi\r\nBcc: eve@example.org\n\nBody")).expect("a letter");
    assert!(!text.lines().any(|line| line.starts_with("Bcc") || line == "Body"), "{text}");
    for id in ["", "job-1@example.org", "<job 1@example.org>", "<a@b>\r\nBcc: <c@d>", "<a@b>\r\n", "<a>", "<@b>"] {
        let forged = Letter { message_id: id.to_owned(), ..letter("Hi") };
        assert!(matches!(written(&forged), Err(SendError::Permanent(_))), "{id:?}");
    }
}
