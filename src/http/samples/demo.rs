use super::{Mood, Sample, sample};
use crate::http::claims::{Claim, Part, Reason, Step, Way};
use crate::http::demo::notice::NoticePage;
use crate::http::demo::result::{Raw, ResultPage, Signed, Snippet};
use crate::http::demo::start::{Door, StartPage};

pub(super) fn pages(mood: Mood) -> Vec<Sample> {
    [starts(mood), notices(mood), results(mood)].into_iter().flatten().collect()
}

fn starts(mood: Mood) -> Vec<Sample> {
    let start = |door| StartPage {
        frame: mood.frame(),
        app: mood.name("Sales Desk"),
        stage: mood.name("Production"),
        path: "/try/sales/production".into(),
        door,
        again: true,
        problem: None,
        csrf: "c5rf".into(),
    };
    let denied = StartPage { problem: Some(mood.name("You may not switch it on.")), ..start(Door::Enable) };
    vec![
        sample("demo-start", "demo/start.html", &["try-begin"], &start(Door::Open)),
        sample("demo-start-enable", "demo/start.html", &["try-off", "try-enable"], &start(Door::Enable)),
        sample("demo-start-denied", "demo/start.html", &["try-off", "problem"], &denied),
        sample("demo-start-closed", "demo/start.html", &["try-off"], &start(Door::Closed)),
    ]
}

fn notices(mood: Mood) -> Vec<Sample> {
    let notice = |begin: bool, other: bool, said: bool| NoticePage {
        frame: mood.frame(),
        title: mood.name("Nora has no role here"),
        text: mood.name("Sales Desk lets in only people who hold a role."),
        said: said.then(|| ("invalid_grant".to_owned(), mood.name("this code has expired"))),
        begin: begin.then(|| "/try/sales/production".to_owned()),
        other,
    };
    vec![
        sample("demo-notice", "demo/notice.html", &["try-again"], &notice(true, false, false)),
        sample("demo-notice-other", "demo/notice.html", &["try-other"], &notice(true, true, false)),
        sample("demo-notice-said", "demo/notice.html", &[], &notice(false, false, true)),
    ]
}

fn results(mood: Mood) -> Vec<Sample> {
    let chips = |of: &[&str]| of.iter().map(ToString::to_string).collect::<Vec<_>>();
    let way = |steps, ends: Option<(&str, bool)>| Way {
        steps,
        given: vec![mood.name("member by olga@acme.example, 3 May 2026"), mood.name("given to the group by bo@acme.example, 4 May 2026")],
        ends: ends.map(|(text, near)| (text.to_owned(), near)),
    };
    let role = |name: &str| Step::Named("Role".into(), mood.name(name));
    let through_group = way(vec![Step::Named("Group".into(), mood.name("EMEA Sales")), role("Viewer")], Some(("ends in 3 days", true)));
    let implied = way(vec![role("Approver"), Step::Permission("approve".into())], None);
    let claim = |name: &str, values: Vec<String>, list, readable: Option<&str>, reasons| Claim {
        name: name.to_owned(),
        values,
        list,
        readable: readable.map(str::to_owned),
        meaning: mood.name("What the person may do in this app at this stage."),
        reasons,
        ..Claim::default()
    };
    let part = |key, full: bool| Part {
        key,
        title: mood.name("Access token"),
        text: mood.name("The app sends it to its API."),
        size: Some("1034 bytes".into()),
        claims: vec![
            claim("iss", vec![mood.name("https://id.acme.example")], false, None, Vec::new()),
            claim("exp", vec!["1764152400".into()], false, Some("26 Nov 2026, 10:20 UTC"), Vec::new()),
            claim("org_roles", Vec::new(), true, None, Vec::new()),
            claim(
                "permissions",
                chips(&["approve", "read"]),
                true,
                None,
                vec![
                    Reason { what: chips(&["approve"]), ways: vec![implied.clone()], more: None },
                    Reason { what: chips(&["read"]), ways: vec![through_group.clone(), implied.clone()], more: Some(mood.name("and 3 more ways")) },
                    Reason { what: chips(&["gone"]), ways: Vec::new(), more: None },
                ],
            ),
        ],
        raw: Some(Raw {
            payload: format!("{{\n  \"name\": \"{}\"\n}}", mood.name("Ana Ferreira")),
            signed: full.then(|| Signed { header: mood.name("{ \"alg\": \"ES256\" }"), sent: "eyJhbGciOiJFUzI1NiJ9.e30.x".repeat(20) }),
        }),
    };
    let page = |invite| ResultPage {
        frame: mood.frame(),
        app: mood.name("Sales Desk"),
        stage: mood.name("Production"),
        person: mood.name("Ana Ferreira"),
        email: mood.email(),
        parts: vec![part("access", true), part("id", true), part("userinfo", false)],
        curl: "curl -H \"Authorization: Bearer eyJ\" https://id.acme.example/oauth2/userinfo".into(),
        permission: "approve".into(),
        snippets: vec![
            Snippet { key: "rust", language: "Rust", file: "verify.rs", install: "cargo add jsonwebtoken", text: mood.name("fn main() {}") },
            Snippet { key: "python", language: "Python", file: "verify.py", install: "pip install PyJWT", text: mood.name("import jwt") },
        ],
        begin: "/try/sales/production".into(),
        invite,
    };
    let ids = &[
        "access-claims",
        "id-claims",
        "userinfo-claims",
        "access-header",
        "access-payload",
        "access-raw",
        "userinfo-payload",
        "access-size",
        "curl",
        "snippet-rust",
        "your-account",
        "try-again",
    ];
    vec![
        sample("demo-result", "demo/result.html", ids, &page(None)),
        sample("demo-result-inviter", "demo/result.html", &["invite-colleague"], &page(Some("/portal/invitations/new"))),
    ]
}
