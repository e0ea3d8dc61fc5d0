//! Every page and mail, rendered with sample data: the test that a template works, cannot be broken by a name, and carries its ids.
//!
//! With `GATEHOUSE_SAMPLES=DIR cargo test --lib http::samples` they are also written to a folder, to look at.

use crate::base::text::Locale;
use crate::http::brand::Links;
use crate::http::error::ErrorPage;
use crate::http::home::HomePage;
use crate::http::login::consent::{ConsentClient, ConsentPage};
use crate::http::login::invitation::{AppLink, InvitationCodePage, InvitationPage, NoticePage, WelcomePage};
use crate::http::login::logout::{LogoutPage, SignedInAs, SignedOutPage};
use crate::http::login::sign_in::SignInPage;
use crate::http::onward::ContinuePage;
use crate::http::page::{FieldError, Frame};
use crate::http::paths;
use crate::http::portal::shell::Shell;
use crate::mail::messages::{AccessGranted, InvitationMail, OfferLine, PasswordChanged, RefreshReplayed, TestMail, Welcome};
use crate::words::Words;
use askama::Template;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, iter};

mod access;
mod account;
mod api_clients;
mod apps;
mod apps_life;
mod audit;
mod demo;
mod design;
mod groups;
mod invitations;
mod literal;
mod lives;
mod many;
mod portal;
mod preview;
mod roles;
mod settings;
mod setup;
mod tokens;

/// What people type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Usual,
    /// Names that want to be markup.
    Hostile,
    /// Names of 100 characters.
    Long,
    /// Arabic names, in a language written from right to left.
    RightToLeft,
}

impl Mood {
    const ALL: [Self; 4] = [Self::Usual, Self::Hostile, Self::Long, Self::RightToLeft];

    fn name(self, usual: &str) -> String {
        match self {
            Self::Usual => usual.to_owned(),
            Self::Hostile => "</title></p>\"'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;{{ name }}{ $app }".to_owned(),
            Self::Long => iter::repeat_n(usual, 100).collect::<Vec<_>>().join(" ").chars().take(100).collect(),
            Self::RightToLeft => "\u{634}\u{631}\u{643}\u{629} \u{627}\u{644}\u{646}\u{648}\u{631} 24".to_owned(),
        }
    }

    fn email(self) -> String {
        match self {
            Self::Long => format!("{}@{}.example", "ana".repeat(21), "sub-domain-of-acme.".repeat(6).trim_end_matches('.')),
            Self::Hostile => self.name(""),
            _ => "ana.ferreira@acme.example".to_owned(),
        }
    }

    fn words(self) -> Words {
        if self == Self::RightToLeft { Words::pseudo() } else { Words::of(&Locale::english()) }
    }

    fn frame(self) -> Frame {
        Frame {
            words: self.words(),
            organization: self.name("Acme"),
            brand: Links { accent: Some("/brand/0123456789abcdef/accent.css".into()), logo: Some("/brand/0123456789abcdef/logo".into()) },
        }
    }

    fn shell(self) -> Shell {
        Shell::sample(self.frame(), self.name("Ana Ferreira"), self.email())
    }

    fn offers(self) -> Vec<OfferLine> {
        let offer =
            |what, place, until: Option<&str>| OfferLine { what: self.name(what), place: self.name(place), starts: None, until: until.map(str::to_owned) };
        vec![
            offer("Approver", "Sales Desk at Production", Some("31 December 2026")),
            offer("Editor", "Sales Desk at QA", None),
            offer("EMEA Sales", "Group at Production", None),
        ]
    }
}

/// A rendered page or mail.
struct Sample {
    name: &'static str,
    template: &'static str,
    ids: &'static [&'static str],
    text: String,
}

fn sample(name: &'static str, template: &'static str, ids: &'static [&'static str], page: &impl Template) -> Sample {
    Sample { name, template, ids, text: page.render().unwrap() }
}

fn pages(mood: Mood) -> Vec<Sample> {
    [
        sign_in_pages(mood),
        invitation_pages(mood),
        other_pages(mood),
        portal::pages(mood),
        lives::pages(mood),
        preview::pages(mood),
        invitations::pages(mood),
        many::pages(mood),
        apps::pages(mood),
        apps_life::pages(mood),
        access::pages(mood),
        api_clients::pages(mood),
        groups::pages(mood),
        roles::pages(mood),
        settings::pages(mood),
        setup::pages(mood),
        account::pages(mood),
        demo::pages(mood),
        design::pages(mood),
        tokens::pages(mood),
        audit::pages(mood),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn sign_in_pages(mood: Mood) -> Vec<Sample> {
    let sign_in = || SignInPage {
        frame: mood.frame(),
        app: Some(mood.name("Sales Desk")),
        stage: Some(mood.name("QA")),
        username: String::new(),
        action: paths::LOGIN,
        to: None,
        error: None,
        csrf: "c5rf".into(),
    };
    let wrong = mood.words().say("sign-in-wrong");
    let consent = || ConsentPage {
        frame: mood.frame(),
        app: Some(mood.name("Sales Desk")),
        stage: Some(mood.name("Development")),
        client: ConsentClient {
            name: mood.name("Quote Robot"),
            logo_uri: Some(format!("/static/x/icon.svg?{}", mood.name(""))),
            policy_uri: Some(format!("https://robot.example/privacy?{}", mood.name(""))),
            tos_uri: Some("https://robot.example/terms".into()),
            client_uri: Some("https://robot.example/".into()),
        },
        person: mood.email(),
        asks: vec![mood.name("See your name and e-mail address"), "Approve quotes for you".into()],
        offline: true,
        loopback: true,
        csrf: "c5rf".into(),
    };
    let plain_client = ConsentClient { name: mood.name("Command line"), logo_uri: None, policy_uri: None, tos_uri: None, client_uri: None };
    let plain_consent = ConsentPage { app: None, stage: None, offline: false, loopback: false, client: plain_client, ..consent() };
    let consent_ids = &["consent-allow", "consent-deny", "client-logo", "client-policy-uri", "client-tos-uri"];
    vec![
        sample("sign-in", "login/sign_in.html", &["username", "password", "login-submit", "login-cancel"], &sign_in()),
        sample("sign-in-wrong", "login/sign_in.html", &["login-error"], &SignInPage { username: mood.email(), error: Some(wrong), ..sign_in() }),
        sample(
            "sign-in-bare",
            "login/sign_in.html",
            &["username", "login-submit"],
            &SignInPage { app: None, stage: None, action: paths::SIGN_IN, to: Some(mood.name("/portal")), ..sign_in() },
        ),
        sample("consent", "login/consent.html", consent_ids, &consent()),
        sample("consent-plain", "login/consent.html", &["consent-allow", "consent-deny"], &plain_consent),
    ]
}

fn invitation_pages(mood: Mood) -> Vec<Sample> {
    let invitation = || InvitationPage {
        frame: mood.frame(),
        email: mood.email(),
        inviter: mood.name("Bo Lindqvist"),
        offers: mood.offers(),
        expires: "1 December 2026".into(),
        name: String::new(),
        password_min: 12,
        errors: Vec::new(),
        csrf: "c5rf".into(),
    };
    let error = |field, message: &str| FieldError { field, message: mood.name(message) };
    let errors = vec![error("name", "Enter your name."), error("password", "This password is easy to guess. Add a word or two.")];
    let wrong = InvitationPage { name: mood.name("Ana Ferreira"), errors, offers: Vec::new(), ..invitation() };
    let code = |error| InvitationCodePage { frame: mood.frame(), email: mood.email(), code: mood.name("7KQ2MX"), error, csrf: "c5rf".into() };
    let code_wrong = code(Some(mood.words().say("invitation-code-wrong")));
    let app = |name, stage: Option<&str>, url: Option<&str>| AppLink { name: mood.name(name), stage: stage.map(|s| mood.name(s)), url: url.map(str::to_owned) };
    let apps = vec![
        app("Sales Desk", Some("Production"), Some("https://sales.acme.example/")),
        app("Travel", None, Some("https://travel.acme.example/")),
        app("Warehouse Scanner", Some("QA"), None),
    ];
    let name = mood.name("Ana Ferreira");
    let fields = &["username", "name", "password", "invitation-accept", "invitation-decline"];
    vec![
        sample("invitation", "login/invitation.html", fields, &invitation()),
        sample("invitation-wrong", "login/invitation.html", &["name-error", "password-error", "invitation-accept", "invitation-decline"], &wrong),
        sample("invitation-code", "login/invitation_code.html", &["email", "code", "invitation-open"], &code(None)),
        sample("invitation-code-wrong", "login/invitation_code.html", &["email", "code", "code-error"], &code_wrong),
        sample(
            "welcome",
            "login/welcome.html",
            &["apps", "to-portal", "to-account"],
            &WelcomePage { frame: mood.frame(), name: name.clone(), signed_in: true, apps, portal: true },
        ),
        sample(
            "welcome-empty",
            "login/welcome.html",
            &["to-account"],
            &WelcomePage { frame: mood.frame(), name, signed_in: false, apps: Vec::new(), portal: false },
        ),
        sample("invitation-declined", "login/notice.html", &[], &NoticePage::declined(mood.frame(), &mood.name("Bo Lindqvist"))),
        sample("invitation-accepted", "login/notice.html", &[], &NoticePage::already_accepted(mood.frame())),
        sample("invitation-expired", "login/notice.html", &[], &NoticePage::expired(mood.frame())),
        sample("invitation-unknown", "login/notice.html", &[], &NoticePage::unknown(mood.frame())),
    ]
}

fn other_pages(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let at = |stage| words.with("at-stage", &[("app", mood.name("Sales Desk")), ("stage", mood.name(stage))]);
    let sessions = || vec![SignedInAs { where_: mood.name("Production"), who: mood.email() }, SignedInAs { where_: at("QA"), who: mood.email() }];
    let logout = |sessions, client| LogoutPage { frame: mood.frame(), sessions, client, csrf: "c5rf".into() };
    let error = ErrorPage {
        frame: mood.frame(),
        title: words.say("error-redirect-title"),
        text: words.say("error-redirect"),
        parameter: Some(mood.name("redirect_uri")),
        request_id: "01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa".into(),
    };
    let onward = ContinuePage {
        frame: mood.frame(),
        action: format!("https://sales.acme.example/callback?{}", mood.name("x=1")),
        fields: vec![("code".into(), mood.name("0123")), (mood.name("submit"), "1".into())],
    };
    vec![
        sample("logout", "login/logout.html", &["logout-confirm"], &logout(sessions(), None)),
        sample("logout-client", "login/logout.html", &["logout-confirm"], &logout(sessions(), Some(mood.name("Sales Desk")))),
        sample("logout-nobody", "login/logout.html", &["logout-confirm"], &logout(Vec::new(), None)),
        sample("signed-out", "login/signed_out.html", &["logged-out"], &SignedOutPage { frame: mood.frame() }),
        sample("continue", "login/onward.html", &["continue"], &onward),
        sample("error", "error.html", &["error-page"], &error),
        sample("error-bare", "error.html", &["error-page"], &ErrorPage { parameter: None, ..error }),
        sample("home", "home.html", &[], &HomePage { frame: mood.frame(), set_up: true }),
        sample("home-new", "home.html", &[], &HomePage { frame: mood.frame(), set_up: false }),
    ]
}

fn mails(mood: Mood) -> Vec<Sample> {
    let (words, organization, name) = (mood.words(), mood.name("Acme"), mood.name("Ana Ferreira"));
    let invitation = InvitationMail {
        words,
        organization: organization.clone(),
        inviter: mood.name("Bo Lindqvist"),
        link: "https://id.acme.example/invitations/open/kVt3mPq0Yw8zR5nB2dJx7cLh4fGs9aTu6eQi1oXv0Zk".into(),
        code: "7KQ2MX".into(),
        code_page: "https://id.acme.example/invitations/code".into(),
        offers: mood.offers(),
        expires: "1 December 2026".into(),
    };
    let link = || "https://id.acme.example/".to_owned();
    let access =
        AccessGranted { words, organization: organization.clone(), name: name.clone(), giver: mood.name("Bo Lindqvist"), offers: mood.offers(), link: link() };
    let welcome = Welcome { words, organization: organization.clone(), name: name.clone(), email: mood.email(), link: link() };
    let test = TestMail { words, organization: organization.clone() };
    let replayed = RefreshReplayed { words, organization, name, app: mood.name("Sales Desk"), when: "24 November 2026, 09:14 UTC".into() };
    let changed =
        PasswordChanged { words, organization: replayed.organization.clone(), name: replayed.name.clone(), when: "24 November 2026, 09:14 UTC".into() };
    let mail = |name, template, text: Result<String, askama::Error>| Sample { name, template, ids: &[], text: text.unwrap() };
    vec![
        mail("mail-invitation", "mail/invitation.html", invitation.html()),
        mail("mail-invitation", "mail/invitation.txt", invitation.text()),
        mail("mail-access", "mail/access_granted.html", access.html()),
        mail("mail-access", "mail/access_granted.txt", access.text()),
        mail("mail-welcome", "mail/welcome.html", welcome.html()),
        mail("mail-welcome", "mail/welcome.txt", welcome.text()),
        mail("mail-replayed", "mail/refresh_replayed.html", replayed.html()),
        mail("mail-replayed", "mail/refresh_replayed.txt", replayed.text()),
        mail("mail-test", "mail/test.html", test.html()),
        mail("mail-test", "mail/test.txt", test.text()),
        mail("mail-password", "mail/password_changed.html", changed.html()),
        mail("mail-password", "mail/password_changed.txt", changed.text()),
    ]
}

fn is_html(sample: &Sample) -> bool {
    Path::new(sample.template).extension().is_some_and(|extension| extension == "html")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn every_template_is_rendered_by_a_sample() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut found = Vec::new();
    files(&root, &mut found);
    let mut covered: BTreeSet<String> = pages(Mood::Usual).iter().chain(&mails(Mood::Usual)).map(|sample| sample.template.to_owned()).collect();
    let mut existing = BTreeSet::new();
    for path in found.iter().filter(|path| !path.starts_with(root.join("words"))) {
        existing.insert(path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned());
        let text = fs::read_to_string(path).unwrap();
        for tag in ["extends \"", "include \"", "import \""] {
            covered.extend(text.split(tag).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
        }
    }
    assert_eq!(existing, covered);
}

#[test]
fn every_page_has_its_ids_and_nothing_inline() {
    for sample in pages(Mood::Usual) {
        let (name, html) = (sample.name, &sample.text);
        for id in sample.ids {
            assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{name}: {id}");
        }
        let ids: Vec<_> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{name}: an id twice");
        for refused in [" style=", "<style", " onclick", " onload", "javascript:", "/static/none"] {
            assert!(!html.contains(refused), "{name}: {refused}");
        }
        assert_eq!(html.matches("<script").count(), html.matches("<script src=\"/static/").count(), "{name}");
        assert!(html.matches("<h1>").count() == 1 && html.matches(" autofocus").count() <= 1, "{name}");
        assert!(html.contains(" · Acme</title>") && html.contains("<html lang=\"en\" dir=\"ltr\">"), "{name}");
        let searches = html.matches(" role=\"search\" method=\"get\"").count();
        assert_eq!(html.matches("<form").count() - searches, html.matches("method=\"post\"").count(), "{name}: forms post, searches get");
    }
}

#[test]
fn every_form_but_the_onward_one_is_guarded() {
    for sample in pages(Mood::Usual).iter().filter(|sample| sample.template != "login/onward.html") {
        for form in sample.text.split("<form").skip(1).filter(|form| !form.split('>').next().unwrap().contains(" role=\"search\" method=\"get\"")) {
            let form = form.split("</form>").next().unwrap();
            assert!(form.contains(r#"<input type="hidden" name="csrf" value="c5rf">"#), "{}", sample.name);
            assert!(form.contains(r#" action="/"#), "{}", sample.name);
        }
    }
}

/// The tags of a page, and how many quotation marks it has: what no name can change.
fn skeleton(html: &str) -> (Vec<&str>, usize) {
    let tags = html.split('<').skip(1).filter_map(|rest| rest.split([' ', '>', '\n']).next()).collect();
    (tags, html.matches('"').count())
}

#[test]
fn no_name_changes_the_markup() {
    let all = |mood| pages(mood).into_iter().chain(mails(mood)).filter(is_html).collect::<Vec<_>>();
    let usual = all(Mood::Usual);
    for mood in [Mood::Hostile, Mood::Long] {
        for (usual, other) in usual.iter().zip(all(mood)) {
            assert_eq!(skeleton(&usual.text).0, skeleton(&other.text).0, "{} {mood:?}", other.name);
            // An address typed before moves the focus to the password, but writes no attribute of its own.
            assert_eq!(skeleton(&usual.text).1, skeleton(&other.text).1, "{} {mood:?}", other.name);
        }
    }
}

#[test]
fn no_message_misses_a_value() {
    for mood in [Mood::Usual, Mood::Long, Mood::RightToLeft] {
        for sample in pages(mood).iter().chain(&mails(mood)) {
            assert!(!sample.text.contains("{$") && !sample.text.contains("{{") && !sample.text.contains("{%"), "{}", sample.name);
        }
    }
}

#[test]
fn mails_stand_alone() {
    for sample in mails(Mood::Usual) {
        let text = &sample.text;
        for refused in ["<img", "<script", "<link", "url(", "@import", "<form"] {
            assert!(!text.contains(refused), "{}: {refused}", sample.template);
        }
        if !is_html(&sample) {
            assert!(!text.contains("<bdi>") && !text.contains("&#") && !text.contains("\n\n\n"), "{}:\n{text}", sample.template);
            assert!(text.contains("\n\n-- \nAcme sent this mail through Gatehouse."), "{}:\n{text}", sample.template);
        }
    }
}

#[test]
fn a_page_in_another_direction_says_so() {
    for sample in pages(Mood::RightToLeft).iter().chain(&mails(Mood::RightToLeft)).filter(|sample| is_html(sample)) {
        assert!(sample.text.contains("<html lang=\"ar-XB\" dir=\"rtl\">"), "{}", sample.name);
    }
}

#[test]
fn signing_in_weighs_little() {
    let css = fs::metadata(Path::new(env!("CARGO_MANIFEST_DIR")).join("static/gatehouse.css")).unwrap().len();
    let page = pages(Mood::Usual).swap_remove(0).text.len() as u64;
    assert!(css + page < 30_000, "{css} + {page} bytes");
}

#[test]
fn samples_are_written_to_be_looked_at() {
    // Without the variable the writing itself is still tried, in a folder that goes again.
    let temporary = tempfile::tempdir().unwrap();
    let folder = std::env::var_os("GATEHOUSE_SAMPLES").map_or(temporary.path().to_owned(), PathBuf::from);
    fs::create_dir_all(folder.join("static")).unwrap();
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("static")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.join("static").join(file.file_name())).unwrap();
    }
    for mood in Mood::ALL {
        for sample in pages(mood).into_iter().chain(mails(mood)) {
            let kind = if is_html(&sample) { "html" } else { "txt" };
            // The script would send the page away before anyone could look at it.
            let mut html = sample.text.replace(" src=\"/static/", " data-src=\"/static/").replace("data-src=\"/static/x/", "src=\"/static/x/");
            for part in sample.text.split("/static/").skip(1) {
                let hash = part.split('/').next().unwrap();
                html = html.replace(&format!("/static/{hash}/"), "static/");
            }
            let name = format!("{}.{}.{kind}", sample.name, format!("{mood:?}").to_lowercase());
            fs::write(folder.join(&name), html).unwrap();
            assert!(folder.join(&name).exists());
        }
    }
}
