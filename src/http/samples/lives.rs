use super::groups::{choice, wrong};
use super::{Mood, Sample, sample};
use crate::http::portal::give::GivePage;
use crate::http::portal::invitations::draft::Draft;
use crate::http::portal::invitations::form::{Part, Pick, Shelf};
use crate::http::portal::period::{Ending, PeriodPage};
use crate::http::portal::user::DeletePage;

pub(super) fn pages(mood: Mood) -> Vec<Sample> {
    [giving(mood), periods(mood), deleting(mood)].into_iter().flatten().collect()
}

fn giving(mood: Mood) -> Vec<Sample> {
    let pick = |id: &str, name: &str, chosen| Pick { id: id.into(), name: mood.name(name), hint: mood.name("Approves orders"), chosen };
    let shelf = |name: &str, part: &str| Shelf {
        name: mood.name(name),
        parts: vec![Part {
            name: if part.is_empty() { String::new() } else { mood.name(part) },
            picks: vec![pick(name, "Approver", true), pick(part, "Viewer", false)],
        }],
        chosen: 1,
    };
    let page = |differ: Vec<(String, String)>, problem: Option<String>, errors| GivePage {
        shell: mood.shell(),
        list: ("/portal/users", mood.words().say("portal-users")),
        action: "/portal/users/x/give".into(),
        back: "/portal/users/x".into(),
        label: mood.name("Ana Ferreira"),
        draft: Draft { starts: "2029-01-01".into(), until: "2030-01-01".into(), reason: mood.name("Covers for Di"), ..Draft::default() },
        differ,
        problem,
        errors,
        roles: vec![pick("r", "Developer", false)],
        places: vec![choice(mood, "", "Whole organization", true), choice(mood, "x", "Wiki", false)],
        apps: vec![shelf("Sales Desk", "Production"), shelf("Wiki", "QA")],
        groups: vec![shelf("Production-groups", "")],
    };
    let bare = GivePage { roles: Vec::new(), apps: Vec::new(), groups: Vec::new(), ..page(Vec::new(), None, Vec::new()) };
    let fields = &["role", "app_role", "group", "offers", "starts", "until", "reason"];
    let differ = vec![(mood.name("Sales Desk: Approver (Production)"), "ends on 1 Jan 2030".to_owned())];
    let template = "portal/give.html";
    vec![
        sample("portal-give", template, &["give-form", "role-r", "starts", "until", "reason", "give"], &page(Vec::new(), None, Vec::new())),
        sample("portal-give-bare", template, &[], &bare),
        sample("portal-give-differ", template, &["differ", "change"], &page(differ, None, Vec::new())),
        sample(
            "portal-give-errors",
            template,
            &["wrong", "problem", "until-error", "role-error"],
            &page(Vec::new(), Some(mood.words().say("person-shut-out")), wrong(mood, fields)),
        ),
    ]
}

fn periods(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let names = [("who", mood.name("Ana Ferreira")), ("what", mood.name("Approver")), ("where", mood.name("Sales Desk at Production"))];
    let ending = || Ending { what: words.marked("revoke-what", &names), follows: words.say("revoke-app-role-follows") };
    let page = |in_force: bool, problem, errors| PeriodPage {
        shell: mood.shell(),
        action: "/portal/users/x/period".into(),
        list: ("/portal/users", words.say("portal-users")),
        back: "/portal/users/x".into(),
        cancel: "/portal/users/x/holds/roles?page=2".into(),
        label: mood.name("Ana Ferreira"),
        what: words.marked("period-of-person", &names),
        starts: String::new(),
        ends: "2030-01-01".into(),
        ending: in_force.then(ending),
        fields: vec![("kind", "role".into()), ("of", mood.name("y"))],
        problem,
        errors,
    };
    let template = "portal/period.html";
    vec![
        sample("portal-period", template, &["starts", "ends", "save-period", "end-now", "end-now-follows"], &page(true, None, Vec::new())),
        sample(
            "portal-period-errors",
            template,
            &["problem", "starts-error", "ends-error"],
            &page(false, Some(words.say("period-beyond")), wrong(mood, &["starts", "ends"])),
        ),
    ]
}

fn deleting(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let page = |is_self: bool, problem, errors| DeletePage {
        shell: mood.shell(),
        action: "/portal/users/x/delete".into(),
        back: "/portal/users/x".into(),
        label: mood.name("Ana Ferreira"),
        email: mood.email(),
        is_self,
        goes: vec![words.counted("delete-sessions", "count", 3), words.counted("delete-groups", "count", 1)],
        typed: mood.email(),
        may_erase: !is_self,
        erase: true,
        problem,
        errors,
    };
    let template = "portal/delete_user.html";
    vec![
        sample("portal-delete-user", template, &["goes", "stays", "erase", "email", "delete-user"], &page(false, None, Vec::new())),
        sample("portal-delete-user-errors", template, &["problem", "email-error"], &page(true, Some(words.say("last-administrator")), wrong(mood, &["email"]))),
    ]
}
