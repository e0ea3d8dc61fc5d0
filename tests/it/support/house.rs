//! A whole server as the binary runs it, with an organization in it: on SQLite, or on a fresh database of a private PostgreSQL.

use super::postgres::Postgres;
use super::until;
use gatehouse::access;
use gatehouse::access::app::deployment;
use gatehouse::actor::Actor;
use gatehouse::base::secret::{Secret, TokenHash};
use gatehouse::base::text::{DisplayName, Slug};
use gatehouse::base::time::Clock;
use gatehouse::cli::apply;
use gatehouse::cli::invite::{self, InviteArgs};
use gatehouse::config::{Config, Sources};
use gatehouse::mail::transport::{self, Letter, Memory, Transport};
use gatehouse::oauth::client::{self, AuthMethod, GrantType, Kind, Metadata, Party, SecretSpec, Spec};
use gatehouse::serve::{self, Running};
use gatehouse::server::Server;
use gatehouse::work::Origin;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

/// Which database a story runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// Makes each story a test on each database.
macro_rules! on_both {
    ($($name:ident)*) => {
        mod sqlite {
            $(#[actix_web::test]
            async fn $name() {
                super::$name($crate::support::house::Backend::Sqlite).await;
            })*
        }
        mod postgres {
            $(#[actix_web::test]
            async fn $name() {
                if $crate::support::postgres::Postgres::shared().is_some() {
                    super::$name($crate::support::house::Backend::Postgres).await;
                }
            })*
        }
    };
}
pub(crate) use on_both;

/// The password of everybody in the seed.
pub const PASSWORD: &str = "correct horse battery staple";
/// The secret of every confidential client in the seed.
pub const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789";
/// Where the apps of the seed are called back; nobody listens there. Not on loopback: what has no secret there is confirmed every time.
pub const REDIRECT: &str = "https://app.acme.example/callback";
/// Where they go after a sign-out.
pub const GOODBYE: &str = "http://localhost:9/goodbye";

/// A server that runs for one test.
pub struct House {
    running: Option<Running>,
    /// The server behind the pages.
    pub server: Arc<Server>,
    /// Its own address.
    pub issuer: String,
    /// The letters that left.
    pub memory: Memory,
    folder: TempDir,
    database: Option<String>,
}

impl House {
    /// A server with the seed applied.
    pub async fn open(backend: Backend) -> Self {
        Self::open_with(backend, &[], Clock::System).await
    }

    /// The same with settings and a clock.
    pub async fn open_with(backend: Backend, settings: &[(&str, &str)], clock: Clock) -> Self {
        let house = Self::empty(backend, settings, clock).await;
        house.apply(include_str!("../seed.toml")).await;
        house.add_clients().await;
        house
    }

    /// A server in which nothing was set up.
    pub async fn empty(backend: Backend, settings: &[(&str, &str)], clock: Clock) -> Self {
        let memory = Memory::default();
        Self::build(backend, settings, clock, Transport::Memory(memory.clone()), memory).await
    }

    /// The same, whose letters stay in the built-in mailbox until a mail server is chosen.
    pub async fn with_mailbox(backend: Backend, settings: &[(&str, &str)]) -> Self {
        Self::build(backend, settings, Clock::System, Transport::Mailbox, Memory::default()).await
    }

    /// The same, whose letters go where its settings say, as the binary sends them.
    pub async fn with_settings_mail(backend: Backend, settings: &[(&str, &str)]) -> Self {
        let setting = |name: &str| settings.iter().find(|(given, _)| *given == name).map(|(_, value)| (*value).to_owned());
        gatehouse::crypto::install();
        let transport = Transport::open(&transport::Settings {
            smtp_url: setting("mail.smtp_url").map(Secret::new),
            from: Some("no-reply@acme.example".to_owned()),
            ca_file: setting("mail.ca_file").map(PathBuf::from),
            ..transport::Settings::default()
        });
        Self::build(backend, settings, Clock::System, transport.expect("good settings"), Memory::default()).await
    }

    async fn build(backend: Backend, settings: &[(&str, &str)], clock: Clock, transport: Transport, memory: Memory) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let listener = serve::listen(([127, 0, 0, 1], 0).into()).expect("a port");
        let issuer = format!("http://localhost:{}", listener.local_addr().expect("an address").port());
        let mut flags: Vec<(String, String)> = vec![("server.public_url".into(), issuer.clone()), ("server.workers".into(), "1".into())];
        let database = match backend {
            Backend::Sqlite => None,
            Backend::Postgres => Some(Postgres::shared().expect("a PostgreSQL server").migrated_database().await),
        };
        if let Some(url) = &database {
            flags.push(("database.url".into(), url.clone()));
            flags.push(("secrets.seal_key".into(), "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".into()));
        }
        flags.retain(|(name, _)| settings.iter().all(|(given, _)| given != name));
        flags.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let config = Config::load(Sources { working_dir: folder.path().to_owned(), flags, ..Sources::default() }).expect("good settings");
        let server = Server::open_with(config, clock, transport).await.expect("a server");
        let running = serve::start(Arc::clone(&server), listener).expect("a listener");
        Self { running: Some(running), server, issuer, memory, folder, database }
    }

    /// Waits until the first keys are made, for whoever counts what is written: they are made beside everything else.
    pub async fn keys_made(&self) {
        until("no keys were made", async || {
            let mut tx = self.server.ground.db.read().await.expect("the database answers");
            gatehouse::one!(tx, (i64,), "SELECT COUNT(*) FROM audit_events WHERE kind = 'key.created'").expect("a number").0 >= 2
        })
        .await;
    }

    /// Applies a file.
    pub async fn apply(&self, toml: &str) {
        let path: PathBuf = self.folder.path().join("seed.toml");
        std::fs::write(&path, toml).expect("a file");
        let file = apply::read(&path).expect("a good file");
        apply::apply(&self.server, &file).await.expect("applied");
    }

    async fn add_clients(&self) {
        let code = || vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
        let web = |auth| Metadata {
            redirect_uris: vec![REDIRECT.to_owned()],
            post_logout_redirect_uris: vec![GOODBYE.to_owned()],
            token_endpoint_auth_method: auth,
            grant_types: code(),
            ..Metadata::default()
        };
        let with_credentials = Metadata { grant_types: [code(), vec![GrantType::ClientCredentials]].concat(), ..web(AuthMethod::ClientSecretBasic) };
        self.add_client("sales-basic", Kind::App, Party::First, Some(("sales", "production")), with_credentials).await;
        self.add_client("sales-post", Kind::App, Party::First, Some(("sales", "production")), web(AuthMethod::ClientSecretPost)).await;
        self.add_client("sales-public", Kind::App, Party::First, Some(("sales", "production")), web(AuthMethod::None)).await;
        self.add_client("sales-dev", Kind::App, Party::First, Some(("sales", "development")), web(AuthMethod::None)).await;
        self.add_client("wiki-third", Kind::App, Party::Third, Some(("wiki", "production")), web(AuthMethod::ClientSecretBasic)).await;
        let api = Metadata { grant_types: vec![GrantType::ClientCredentials], ..Metadata::default() };
        self.add_client("robot", Kind::Api, Party::First, None, api).await;
    }

    /// Adds a client; confidential ones get `SECRET`.
    pub async fn add_client(&self, id: &str, kind: Kind, party: Party, place: Option<(&str, &str)>, metadata: Metadata) {
        let actor = Actor::System { label: "test" };
        self.server
            .ground
            .work(&actor, &Origin::default(), async |work| {
                let changing = access::begin_change(work).await?;
                let deployment = match place {
                    None => None,
                    Some((app, stage)) => {
                        let app = access::app::by_key(&mut work.tx, &Slug::parse(app).expect("a key")).await?.expect("the app");
                        let stage = access::stage::by_key(&mut work.tx, &Slug::parse(stage).expect("a key")).await?.expect("the stage");
                        deployment::find(&mut work.tx, app.id, stage.id).await?
                    }
                };
                let confidential = metadata.token_endpoint_auth_method != AuthMethod::None;
                let spec = Spec {
                    client_id: id.to_owned(),
                    kind,
                    deployment,
                    party,
                    name: DisplayName::parse(&format!("Client {id}")).expect("a name"),
                    metadata: metadata.clone(),
                    secrets: if confidential { vec![SecretSpec { hash: TokenHash::of(SECRET), expires_at: None }] } else { Vec::new() },
                };
                client::put(work, &changing, &spec).await
            })
            .await
            .expect("a client");
    }

    /// Invites somebody as the operator does on the command line.
    pub async fn invite(&self, line: &str) -> Result<String, invite::InviteCliError> {
        use clap::Parser;
        #[derive(clap::Parser)]
        struct Line {
            #[command(flatten)]
            args: InviteArgs,
        }
        let line = Line::parse_from(std::iter::once("invite").chain(line.split(' ')));
        invite::run(&self.server.ground, &self.issuer, self.server.config.invitations.life_days, &line.args).await
    }

    /// The letters to somebody, once there are `count` of them.
    pub async fn letters(&self, to: &str, count: usize) -> Vec<Letter> {
        let found = || self.memory.letters().into_iter().filter(|letter| letter.to.as_str() == to).collect::<Vec<_>>();
        until(&format!("no {count} letters to {to}"), async || found().len() >= count).await;
        found()
    }

    /// Ends the server gently, and removes its database.
    pub async fn close(mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
        if let (Some(url), Some(postgres)) = (&self.database, Postgres::shared()) {
            postgres.drop_database(url).await;
        }
    }
}

/// The link in a letter's text that begins with `prefix`.
pub fn link(letter: &Letter, prefix: &str) -> String {
    let at = letter.text.find(prefix).unwrap_or_else(|| panic!("no {prefix} in {}", letter.text));
    letter.text[at..].split_whitespace().next().expect("a link").to_owned()
}
