use super::groups::choice;
use super::{Mood, Sample, sample};
use crate::http::claims::{Claim, Part, Reason, Step, Way};
use crate::http::portal::token::{ClientsOf, TokenPage};

pub(super) fn pages(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let page = |places| TokenPage {
        shell: mood.shell(),
        person: "/portal/users/x".into(),
        label: mood.name("Ana Ferreira"),
        places,
        scopes: Vec::new(),
        closed: None,
        give: None,
        facts: Vec::new(),
        over: None,
        parts: Vec::new(),
    };
    let places = || {
        let place = |name: &str, chosen| ClientsOf { place: mood.name(name), clients: vec![choice(mood, "sales-basic", "Sales Desk · sales-basic", chosen)] };
        vec![place("Sales Desk at Production", true), place("Tools for many apps", false)]
    };
    let chosen = || TokenPage { scopes: ["openid", "roles"].map(|scope| choice(mood, scope, scope, scope == "roles")).into(), ..page(places()) };
    let closed = words.marked("token-closed-no-role", &[("place", mood.name("Sales Desk at Production")), ("who", mood.name("Ana"))]);
    let ids = &["client", "show-token"];
    vec![
        sample("token-none", "portal/token.html", &["no-clients"], &page(Vec::new())),
        sample("token-choose", "portal/token.html", ids, &page(places())),
        sample("token-closed", "portal/token.html", &["closed", "give-access"], &TokenPage { closed: Some(closed), give: Some("/x".into()), ..chosen() }),
        sample("token", "portal/token.html", &["over", "facts", "access-claims", "access-size", "id-claims"], &shown(mood, chosen())),
    ]
}

fn shown(mood: Mood, page: TokenPage) -> TokenPage {
    let claim = |name: &str, values: &[&str]| Claim {
        name: name.to_owned(),
        values: values.iter().map(|value| mood.name(value)).collect(),
        list: values.len() != 1,
        meaning: mood.name("What the person may do in this app at this stage."),
        size: Some("34 bytes".into()),
        ..Claim::default()
    };
    let way =
        Way { steps: vec![Step::Named("Role".into(), mood.name("Viewer"))], given: vec![mood.name("given by olga")], ends: Some(("in 3 days".into(), true)) };
    let held = Claim { reasons: vec![Reason { what: vec![mood.name("viewer")], ways: vec![way], more: None }], ..claim("roles", &["viewer", "approver"]) };
    let hidden = Claim { hidden: Some(mood.name("Access of members is not shown to you.")), size: None, ..claim("org_roles", &[]) };
    let part = |key, size: Option<&str>| Part {
        key,
        title: mood.name("Access token"),
        text: mood.name("The app sends it to its API."),
        size: size.map(str::to_owned),
        claims: vec![claim("iss", &["https://id.acme.example"]), held.clone(), hidden.clone(), Claim { made_at_issue: true, ..claim("jti", &["x"]) }],
        raw: None,
    };
    TokenPage {
        facts: vec![mood.name("Access takes 812 of the 4096 bytes."), mood.name("It would live for 5 minutes.")],
        over: Some(mood.name("More than fits into one token.")),
        parts: vec![part("access", Some("1034 bytes")), part("id", None)],
        ..page
    }
}
