use super::{Mood, Sample, sample};
use crate::http::listing::{Listing, Pager};
use crate::http::mail_form::MailForm;
use crate::http::page::FieldError;
use crate::http::portal::mail::{FailedRow, MailPage};
use crate::http::portal::mailbox::{LetterPage, LetterRow, MailboxPage, Part};
use crate::http::setup::Step;
use crate::http::setup::app::AppPage;
use crate::http::setup::claim::OverPage;
use crate::http::setup::mail::MailPage as MailStep;
use crate::http::setup::organization::{OrganizationPage, StageField};
use crate::http::setup::owner::OwnerPage;

pub(super) fn pages(mood: Mood) -> Vec<Sample> {
    [claims(mood), steps(mood), mail(mood), mailbox(mood)].into_iter().flatten().collect()
}

fn errors(mood: Mood, fields: &[&'static str]) -> Vec<FieldError> {
    fields.iter().map(|field| FieldError { field, message: mood.name("Please type something else.") }).collect()
}

fn claims(mood: Mood) -> Vec<Sample> {
    let frame = || mood.frame();
    vec![
        sample("setup-used", "setup/over.html", &["setup-over", "over-sign-in"], &OverPage::used(frame())),
        sample("setup-done", "setup/over.html", &["setup-over", "over-sign-in"], &OverPage::set_up(frame())),
        sample("setup-overtaken", "setup/over.html", &["setup-over", "over-sign-in"], &OverPage::overtaken(frame())),
        sample("setup-expired", "setup/over.html", &["setup-over"], &OverPage::expired(frame())),
    ]
}

fn steps(mood: Mood) -> Vec<Sample> {
    let seen = |here| (mood.frame(), Step::seen_from(mood.words(), here), "c5rf".to_owned());
    let stage = |field, optional, name: &str| StageField { field, optional, wanted: true, label: mood.name("Where apps are used"), name: mood.name(name) };
    let organization = |fields: &[&'static str]| {
        let (frame, steps, csrf) = seen(0);
        let stages = vec![stage("development", None, "Development"), stage("qa", Some("with_qa"), "QA"), stage("production", None, "Production")];
        OrganizationPage { frame, steps, csrf, name: mood.name("Acme"), stages, errors: errors(mood, fields) }
    };
    let owner = |fields: &[&'static str]| {
        let (frame, steps, csrf) = seen(1);
        OwnerPage { frame, steps, csrf, name: mood.name("Olga"), email: mood.email(), password_min: 8, errors: errors(mood, fields) }
    };
    let app = |fields: &[&'static str]| {
        let (frame, steps, csrf) = seen(3);
        let stages = vec![("qa".to_owned(), mood.name("QA"), false), ("production".to_owned(), mood.name("Production"), true)];
        AppPage {
            frame,
            steps,
            csrf,
            name: mood.name("Sales Desk"),
            key: mood.name("sales"),
            stages,
            home_page: mood.name("https://"),
            errors: errors(mood, fields),
        }
    };
    vec![
        sample("setup-organization", "setup/organization.html", &["steps", "name", "development", "qa", "with_qa", "organization-next"], &organization(&[])),
        sample("setup-organization-wrong", "setup/organization.html", &["name-error", "qa-error"], &organization(&["name", "qa"])),
        sample("setup-owner", "setup/owner.html", &["name", "username", "password", "owner-next"], &owner(&[])),
        sample("setup-owner-wrong", "setup/owner.html", &["name-error", "username-error", "password-error"], &owner(&["name", "username", "password"])),
        sample("setup-app", "setup/app.html", &["name", "key", "stage", "home-page", "app-create", "app-skip"], &app(&[])),
        sample("setup-app-wrong", "setup/app.html", &["key-error", "stage-error", "home-page-error"], &app(&["key", "name", "stage", "home_page"])),
    ]
}

fn form(mood: Mood, fields: &[&'static str], outcome: Option<bool>) -> MailForm {
    let outcome = outcome.map(|good| (good, mood.name("535 wrong user or password")));
    MailForm::sample(mood.words(), mood.name("smtp.acme.example"), mood.email(), errors(mood, fields), outcome)
}

fn mail(mood: Mood) -> Vec<Sample> {
    let step = |set_in: Option<&str>, form| {
        let (frame, steps, csrf) = (mood.frame(), Step::seen_from(mood.words(), 2), "c5rf".to_owned());
        MailStep { frame, steps, csrf, set_in: set_in.map(|text| mood.name(text)), form }
    };
    let failed = |count: u64| {
        let row = || FailedRow { when: "2 minutes ago".into(), tries: "14 tries".into(), why: mood.name("550 nobody of that name here") };
        (count, (0..count).map(|_| row()).collect())
    };
    let settings = |set_in: Option<&str>, server: Option<&str>, form, count| MailPage {
        shell: mood.shell(),
        set_in: set_in.map(|text| mood.name(text)),
        server: server.map(|text| mood.name(text)),
        form,
        failed: failed(count),
        waiting: 3,
    };
    let all = &["host", "port", "security", "user", "password", "sender_name", "sender_address"];
    let wrong = &["host-error", "port-error", "security-error", "user-error", "mail-password-error", "sender-name-error", "sender-address-error"];
    vec![
        sample("setup-mail", "setup/mail.html", &["host", "mail-use", "mail-test", "mail-keep"], &step(None, form(mood, &[], None))),
        sample("setup-mail-wrong", "setup/mail.html", wrong, &step(None, form(mood, all, None))),
        sample("setup-mail-tested", "setup/mail.html", &["mail-outcome"], &step(None, form(mood, &[], Some(false)))),
        sample("setup-mail-configured", "setup/mail.html", &["mail-test", "mail-keep"], &step(Some("the flag"), form(mood, &[], Some(true)))),
        sample("portal-mail", "portal/mail.html", &["see-mailbox", "mail-use", "mail-failed"], &settings(None, None, form(mood, &[], Some(true)), 0)),
        sample("portal-mail-server", "portal/mail.html", &["mail-back", "mail-again"], &settings(None, Some("smtp:25"), form(mood, all, None), 2)),
        sample("portal-mail-configured", "portal/mail.html", &["mail-test"], &settings(Some("the flag"), None, form(mood, &[], None), 1)),
    ]
}

fn mailbox(mood: Mood) -> Vec<Sample> {
    let row = |subject: &str| LetterRow { link: "/portal/mailbox/x".into(), subject: mood.name(subject), to: mood.email(), when: "just now".into() };
    let page = |query: &str, rows: Vec<LetterRow>, pager| MailboxPage {
        shell: mood.shell(),
        list: Listing::read("/portal/mailbox", query),
        total: "2 letters".into(),
        filters: Vec::new(),
        rows,
        pager,
    };
    let pager = Pager { first: None, previous: None, next: Some("/portal/mailbox?page=2".into()) };
    let part = |text: &str, is_link| Part { text: text.to_owned(), is_link };
    let letter = LetterPage {
        shell: mood.shell(),
        subject: mood.name("Olga invites you to Acme"),
        to: mood.email(),
        when: "3 May 2026, 10:00 UTC".into(),
        parts: vec![part(&mood.name("See the invitation:"), false), part("https://id.acme.example/invitations/t0k", true), part("\n", false)],
    };
    let rows = vec![row("Olga invites you to Acme"), row("Welcome to Acme")];
    vec![
        sample("mailbox", "portal/mailbox.html", &["q", "total", "next-page"], &page("", rows, pager)),
        sample("mailbox-none", "portal/mailbox.html", &["q"], &page("", Vec::new(), Pager::default())),
        sample("mailbox-found-none", "portal/mailbox.html", &["q"], &page("q=x", Vec::new(), Pager::default())),
        sample("letter", "portal/letter.html", &["letter"], &letter),
    ]
}
