use super::{Mood, Sample, sample};
use crate::http::account::ChoosePage;
use crate::http::account::access::{AccessPage, GivenBy, OrganizationRow, PlaceCard, Thing, Way};
use crate::http::account::apps::{AppCard, AppsPage};
use crate::http::account::password::PasswordPage;
use crate::http::account::profile::ProfilePage;
use crate::http::account::sessions::{Row, SessionsPage};
use crate::http::account::shell::Shell;
use crate::http::listing::{Listing, Pager};
use crate::http::page::FieldError;
use crate::http::profile_form::{ProfileForm, Typed, Whose};

pub(super) fn pages(mood: Mood) -> Vec<Sample> {
    [apps(mood), forms(mood), sessions(mood), access(mood)].into_iter().flatten().collect()
}

fn shell(mood: Mood, here: bool) -> Shell {
    Shell::sample(mood.frame(), mood.name("Ana Ferreira"), mood.email(), here)
}

fn apps(mood: Mood) -> Vec<Sample> {
    let card = |name: &str, stage: Option<&str>, description: &str, url: Option<&str>| AppCard {
        initials: "SD".into(),
        name: mood.name(name),
        stage: stage.map(|stage| mood.name(stage)),
        description: if description.is_empty() { String::new() } else { mood.name(description) },
        url: url.map(str::to_owned),
    };
    let page = |here, query: &str, many, apps, pager| AppsPage { shell: shell(mood, here), list: Listing::read("/account", query), many, apps, pager };
    let full = || {
        vec![
            card("Sales Desk", None, "Quotes and orders", Some("https://sales.acme.example/")),
            card("Sales Desk", Some("Development"), "", Some("https://dev.sales.acme.example/")),
            card("Warehouse Scanner", Some("QA"), "Finds every box", None),
        ]
    };
    let pager = Pager { first: None, previous: None, next: Some("/account?page=2".into()) };
    let people = vec![(mood.name("Ana Ferreira"), mood.email(), "/sign-in?to=%2Faccount&as=x".into()), (mood.name("Bo"), mood.email(), "/sign-in".into())];
    vec![
        sample("account-apps", "account/apps.html", &["apps", "sign-out"], &page(true, "", false, full(), Pager::default())),
        sample("account-apps-many", "account/apps.html", &["apps", "q", "search", "next-page", "sign-out"], &page(false, "", true, full(), pager)),
        sample("account-apps-none", "account/apps.html", &["main"], &page(true, "", false, Vec::new(), Pager::default())),
        sample("account-apps-found-none", "account/apps.html", &["q"], &page(true, "q=x", true, Vec::new(), Pager::default())),
        sample("account-choose", "choose_account.html", &["people"], &ChoosePage { frame: mood.frame(), people }),
    ]
}

/// The form of a profile, as it stands, or with something wrong in every field.
pub(super) fn profile_form(mood: Mood, whose: Whose, wrong: bool) -> ProfileForm {
    let name = |usual: &str| mood.name(usual);
    let typed = Typed {
        version: 3,
        name: name("Ana Ferreira"),
        given_name: name("Ana"),
        family_name: name("Ferreira"),
        nickname: name("Ana"),
        locale: "en".into(),
        zoneinfo: name("Europe/Lisbon"),
        phone_number: name("+351 21 000"),
        website: name("https://ana.example/"),
        picture: String::new(),
    };
    let fields = ["name", "given_name", "family_name", "nickname", "locale", "zoneinfo", "phone_number", "website", "picture"];
    let errors = fields.map(|field| FieldError { field, message: mood.name("Something is wrong with this.") });
    ProfileForm::new(mood.words(), whose, typed, if wrong { errors.into() } else { Vec::new() })
}

fn forms(mood: Mood) -> Vec<Sample> {
    let profile = |wrong| ProfilePage { shell: shell(mood, true), form: profile_form(mood, Whose::Own, wrong) };
    let password = |errors| PasswordPage { shell: shell(mood, false), password_min: 8, errors };
    let both = ["current", "new"].map(|field| FieldError { field, message: mood.name("That is not right.") });
    let ids = &["name", "given_name", "family_name", "nickname", "locale", "zoneinfo", "phone_number", "website", "picture", "save"];
    vec![
        sample("account-profile", "account/profile.html", ids, &profile(false)),
        sample("account-profile-wrong", "account/profile.html", &["problem", "name-error", "locale-error", "picture-error"], &profile(true)),
        sample("account-password", "account/password.html", &["current", "new", "change"], &password(Vec::new())),
        sample("account-password-wrong", "account/password.html", &["current-error", "new-error", "change"], &password(both.into())),
    ]
}

fn sessions(mood: Mood) -> Vec<Sample> {
    let row = |id: &str, this, here| Row {
        id: id.to_owned(),
        place: mood.name("Portal and account"),
        device: mood.name("Firefox on Linux"),
        address: "2001:db8::1".into(),
        since: "3 May 2026, 12:00 UTC".into(),
        seen: "just now".into(),
        this,
        here,
    };
    let page = |sessions: Vec<Row>| {
        let newest = (sessions.len() > 1).then(|| mood.words().counted("sessions-newest", "count", 200));
        SessionsPage { shell: shell(mood, true), sessions, newest }
    };
    vec![
        sample(
            "account-sessions",
            "account/sessions.html",
            &["sessions", "end-others", "newest"],
            &page(vec![row("a", true, false), row("b", false, true), row("c", false, false)]),
        ),
        sample("account-sessions-one", "account/sessions.html", &["sessions"], &page(vec![row("a", true, false)])),
    ]
}

fn access(mood: Mood) -> Vec<Sample> {
    let terms = |reason: bool, ends: Option<(&str, bool)>| GivenBy {
        by: mood.name("by olga@acme.example, 3 May 2026"),
        reason: reason.then(|| mood.name("Covers for Di")),
        ends: ends.map(|(text, near)| (text.to_owned(), near)),
    };
    let way = |steps: &[&str], terms| Way { steps: steps.iter().map(|step| mood.name(step)).collect(), terms };
    let thing = |name: &str, key: Option<&str>, ways| Thing { name: mood.name(name), key: key.map(|key| mood.name(key)), ways };
    let place = |at, full: bool| PlaceCard {
        at,
        app: mood.name("Sales Desk"),
        stage: mood.name("Production"),
        may_sign_in: full,
        try_it: full.then(|| "/try/sales/production".to_owned()),
        roles: if full {
            let ways =
                vec![way(&["Role Viewer"], Some(terms(true, Some(("ends in 3 days", true))))), way(&["Group EMEA", "Role Viewer"], Some(terms(false, None)))];
            vec![thing("Viewer", Some("viewer"), ways)]
        } else {
            Vec::new()
        },
        groups: if full {
            vec![thing("EMEA Sales", Some("emea"), vec![way(&[], Some(terms(false, Some(("ends on 1 Jan 2030", false)))))])]
        } else {
            Vec::new()
        },
        permissions: if full { vec![thing("approve", None, vec![way(&["Role Approver", "approve", "read"], None)])] } else { Vec::new() },
    };
    let role = |everything, gives: Vec<(String, Option<String>)>| OrganizationRow {
        role: mood.name("Developer"),
        place: mood.name("Whole organization"),
        terms: terms(true, Some(("from 3 May 2030", false))),
        everything,
        gives,
    };
    let gives = vec![(mood.name("View apps"), None), (mood.name("Change assets"), Some(mood.name("Development, QA")))];
    let page = |query: &str, organization, places, many| AccessPage {
        shell: shell(mood, true),
        list: Listing::read("/account/access", query),
        organization,
        places,
        many,
        pager: Pager::default(),
    };
    let roles = vec![role(false, gives), role(true, Vec::new()), role(false, Vec::new())];
    vec![
        sample(
            "account-access",
            "account/access.html",
            &["organization", "place-0", "place-1", "q"],
            &page("", roles, vec![place(0, true), place(1, false)], true),
        ),
        sample("account-access-none", "account/access.html", &["nothing"], &page("", Vec::new(), Vec::new(), false)),
        sample("account-access-found-none", "account/access.html", &["q"], &page("q=x", Vec::new(), Vec::new(), true)),
    ]
}
