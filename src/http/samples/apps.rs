use super::{Mood, Sample, sample};
use crate::http::listing::{Listing, Pager};
use crate::http::page::FieldError;
use crate::http::portal::apps::app::{AppPage, Deployed, StageCard};
use crate::http::portal::apps::client::any::{AnyClient, SecretRow};
use crate::http::portal::apps::client::secret::SecretPage;
use crate::http::portal::apps::client::{ClientPage, Snippet};
use crate::http::portal::apps::deployment::StagePage;
use crate::http::portal::apps::form::{FormPage, Pick, Picked, Text};
use crate::http::portal::apps::parts::{Action, Cell, Crumb, Head, Line, ListPage, RemovePage, Tab};
use crate::http::portal::users::Choices;

pub(super) fn pages(mood: Mood) -> Vec<Sample> {
    [lists(mood), forms(mood), places(mood), clients(mood)].into_iter().flatten().collect()
}

fn crumbs(mood: Mood) -> Vec<Crumb> {
    let crumb = |link: &str, name: &str| Crumb { link: link.to_owned(), name: mood.name(name) };
    vec![crumb("/portal/apps", "Apps"), crumb("/portal/apps/sales", "Sales Desk"), crumb("/portal/apps/sales/production", "Production")]
}

fn head(mood: Mood, id: &'static str) -> Head {
    let tab = |name: &str, here| Tab { link: "/portal/apps/sales/production".into(), name: mood.name(name), here };
    Head {
        crumbs: crumbs(mood),
        title: mood.name("Sales Desk"),
        badge: Some(mood.name("Production")),
        lead: Some(mood.name("Where orders are made")),
        actions: vec![Action { id, link: "/portal/apps/sales/production/new".into(), text: mood.name("Add"), primary: true }],
        tabs: vec![tab("Settings", true), tab("Permissions", false)],
    }
}

fn bare_head(mood: Mood) -> Head {
    Head { crumbs: Vec::new(), badge: None, lead: None, actions: Vec::new(), tabs: Vec::new(), ..head(mood, "none") }
}

fn lists(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let line = |name: &str, code, may: bool, chips: Vec<String>| Line {
        link: may.then(|| "/portal/apps/sales/production/roles/viewer".to_owned()),
        name: mood.name(name),
        code,
        below: mood.name("viewer"),
        cells: vec![Cell::Text(mood.name("Sees everything")), Cell::chips(chips), Cell::Badge(words.say("role-is-shared"), "good")],
        remove: may.then(|| "/portal/apps/sales/production/roles/viewer/remove".to_owned()),
    };
    let page = |head, query: &str, lines, pager| {
        let list = Listing::read("/portal/apps", query);
        let filters = vec![Choices::new(&list, "stage", mood.name("Stage"), [(String::new(), mood.name("Any stage"))])];
        ListPage {
            shell: mood.shell(),
            head,
            list,
            filters,
            total: words.counted("app-roles-count", "count", 2),
            columns: ["Role", "Description", "Permissions", "Where it counts"].map(|name| mood.name(name)).into(),
            lines,
            pager,
            empty: (words.say("roles-empty"), words.say("roles-empty-hint")),
        }
    };
    let many = ["read", "write", "manage", "approve", "export", "print"].map(|name| mood.name(name)).to_vec();
    let full = vec![line("Viewer", false, true, many), line("approve", true, true, Vec::new()), line("Odd", false, false, Vec::new())];
    let pager = Pager { first: None, previous: None, next: Some("/portal/apps?page=2".into()) };
    let hostile = format!("q={}", url::form_urlencoded::byte_serialize(mood.name("x").as_bytes()).collect::<String>());
    vec![
        sample("apps-list", "portal/apps/list.html", &["q", "search", "total", "new-role", "next-page"], &page(head(mood, "new-role"), "", full, pager)),
        sample("apps-list-none", "portal/apps/list.html", &["q"], &page(bare_head(mood), "", Vec::new(), Pager::default())),
        sample("apps-list-found-none", "portal/apps/list.html", &["q"], &page(bare_head(mood), &hostile, Vec::new(), Pager::default())),
    ]
}

fn forms(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let page = |errors: &[FieldError], problem: Option<String>, version: Option<i64>| {
        let pick = |value: &str, note: Option<&str>, chosen| Picked {
            value: value.to_owned(),
            label: mood.name(value),
            note: note.map(|note| mood.name(note)),
            chosen,
            ..Picked::default()
        };
        let brought = Picked { brought: Some((mood.name("read"), true)), brings: vec![mood.name("read")], ..pick("write", None, true) };
        let options = || vec![pick("read", Some("See everything"), true), pick("write", None, false)];
        FormPage {
            shell: mood.shell(),
            crumbs: crumbs(mood),
            title: words.say("role-edit"),
            lead: problem.is_none().then(|| words.say("app-new-lead")),
            action: "/portal/apps/sales/production/roles/viewer".into(),
            version,
            fields: vec![
                Text::new("name", words.say("name"), mood.name("Viewer")).required().hint(words.say("role-name-hint")).field(errors),
                Text::new("key", words.say("app-key"), mood.name("viewer")).code(50).fixed(version.is_some()).field(errors),
                Text::new("description", words.say("app-description"), mood.name("Sees everything")).area(1_000).field(errors),
                Text::new("uris", words.say("client-redirect-uris"), mood.name("https://x.example/")).code(2_000).area(2_000).required().field(errors),
                Pick::many("permissions", words.say("app-tab-permissions"), vec![pick("read", Some("See everything"), true), brought])
                    .live(words.with("permission-comes-with", &[("verbs", "%")]))
                    .hint(words.say("role-permissions-hint"))
                    .field(errors),
                Pick::one("kind", words.say("client-kind"), options()).field(errors),
            ],
            submit: words.say("app-save"),
            cancel: "/portal/apps/sales/production/roles".into(),
            previews: problem.is_none(),
            problem,
        }
    };
    let errors = ["name", "key", "description", "uris", "permissions", "kind"].map(|field| FieldError { field, message: mood.name("Fill this in.") });
    let wrong = &["name-error", "key-error", "description-error", "uris-error", "permissions-error", "kind-error", "problem", "save"];
    let remove = RemovePage {
        shell: mood.shell(),
        crumbs: crumbs(mood),
        title: words.say("role-remove"),
        what: words.marked("role-remove-what", &[("role", mood.name("Viewer")), ("app", mood.name("Sales Desk")), ("stage", mood.name("Production"))]),
        follows: vec![
            words.marked_count("role-remove-listed", "count", 2, &[("names", mood.name("Wiki, Travel"))]),
            words.marked_count("role-remove-groups", "groups", 1, &[("people", "12")]),
        ],
        action: "/portal/apps/sales/production/roles/viewer/remove".into(),
        back: "/portal/apps/sales/production/roles".into(),
        button: words.say("app-remove"),
        hidden: vec![("seen", mood.name("viewer"))],
        problem: Some(words.say("permission-remove-changed")),
        previews: true,
    };
    vec![
        sample("apps-form", "portal/apps/form.html", &["name", "name-hint", "key", "uris", "permissions-read", "kind-write", "save"], &page(&[], None, None)),
        sample("apps-form-wrong", "portal/apps/form.html", wrong, &page(&errors, Some(words.say("client-secrets-two")), Some(3))),
        sample("apps-remove", "portal/apps/remove.html", &["follows", "remove"], &remove),
    ]
}

fn places(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let count = |key| ("/portal/apps/sales/production/roles".to_owned(), words.counted(key, "count", 3));
    let card = |key: &str, name: &str, deployed: bool, may: bool| StageCard {
        key: key.to_owned(),
        name: mood.name(name),
        purpose: words.say("app-purpose-production"),
        deployed: deployed.then(|| Deployed {
            link: "/portal/apps/sales/production".into(),
            sign_in: words.say("app-sign-in-assigned"),
            counts: vec![count("app-permissions-count"), count("app-roles-count"), count("app-clients-count")],
            try_it: "/try/sales/production".into(),
        }),
        deploy: may.then(|| ("/portal/apps/sales/qa/settings".to_owned(), words.with("app-deploy-to", &[("stage", mood.name(name))]))),
    };
    let app = |stages: Vec<StageCard>, head| {
        let delete = (!stages.is_empty()).then(|| "/portal/apps/sales/-/delete".to_owned());
        AppPage { shell: mood.shell(), head, key: mood.name("sales"), stages, delete }
    };
    let cards = vec![card("development", "Development", true, false), card("qa", "QA", false, true), card("production", "Production", false, false)];
    let stage = |full: bool| StagePage {
        shell: mood.shell(),
        head: head(mood, "try-it"),
        home_page: full.then(|| format!("https://sales.acme.example/{}", mood.name("x"))),
        sign_in: (words.say("app-sign-in-assigned"), words.say("app-sign-in-assigned-is")),
        resource: mood.name("https://id.acme.example/apps/sales/production"),
        edit: full.then(|| "/portal/apps/sales/production/settings".to_owned()),
        listed: if full { vec![mood.name("wiki:author")] } else { Vec::new() },
        missing: if full { vec![(words.say("app-missing-client"), "/portal/apps/sales/production/clients".to_owned())] } else { Vec::new() },
        undeploy: full.then(|| "/portal/apps/sales/production/undeploy".to_owned()),
        discovery: "https://id.acme.example/.well-known/openid-configuration".into(),
    };
    vec![
        sample("apps-app", "portal/apps/app.html", &["app-key", "edit", "stage-development", "deploy-qa"], &app(cards, head(mood, "edit"))),
        sample("apps-app-bare", "portal/apps/app.html", &["app-key"], &app(Vec::new(), bare_head(mood))),
        sample("apps-stage", "portal/apps/stage.html", &["missing", "settings", "edit", "resource", "try-it"], &stage(true)),
        sample("apps-stage-bare", "portal/apps/stage.html", &["settings", "resource"], &stage(false)),
    ]
}

fn clients(mood: Mood) -> Vec<Sample> {
    let words = mood.words();
    let row = |id: &str, live, may_end| SecretRow { id: id.to_owned(), made: "3 May 2026, 10:00 UTC".into(), ends: words.say("no-end"), live, may_end };
    let client = |full: bool| ClientPage {
        shell: mood.shell(),
        head: if full { head(mood, "edit") } else { bare_head(mood) },
        client: AnyClient {
            link: "/portal/apps/sales/production/clients/sales-web".into(),
            id: mood.name("sales-web"),
            scopes: ["openid", "profile"].map(|scope| mood.name(scope)).into(),
            version: 3,
            secrets: full.then(|| vec![row("a", true, true), row("b", true, false), row("c", false, false)]),
            may_add_secret: full,
            may_manage: true,
        },
        kind: words.say("client-kind-web"),
        pkce: words.say("client-pkce-on"),
        redirect_uris: if full { vec![mood.name("https://sales.acme.example/callback"), mood.name("http://localhost:3000/callback")] } else { Vec::new() },
        post_logout_redirect_uris: if full { vec![mood.name("https://sales.acme.example/")] } else { Vec::new() },
        suspended: (!full).then(|| words.with("client-suspended-since", &[("since", "3 May 2026, 10:00 UTC")])),
        people: words.counted("client-people", "count", 12),
        snippets: vec![
            Snippet { id: "snippet-env", title: words.say("client-snippet-env"), text: mood.name("OIDC_ISSUER='https://id.acme.example'\nX='1'") },
            Snippet { id: "snippet-node", title: "openid-client".into(), text: mood.name("import * as client from 'openid-client'") },
        ],
        problem: full.then(|| words.say("client-secret-last")),
    };
    let viewer = {
        let mut page = ClientPage { suspended: None, ..client(false) };
        page.client.may_manage = false;
        page
    };
    let secret = |new| SecretPage {
        shell: mood.shell(),
        crumbs: crumbs(mood),
        client_id: mood.name("sales-web"),
        secret: "kVt3mPq0Yw8zR5nB2dJx7cLh4fGs9aTu6eQi1oXv0Zk".into(),
        new,
        link: "/portal/apps/sales/production/clients/sales-web".into(),
    };
    let full = &["client-id", "snippet-env", "snippet-node", "new-secret", "end-a", "suspend", "remove", "problem", "edit"];
    // The page of a new client says so itself: no address told it to.
    let created = {
        let mut page = secret(true);
        page.shell.done = None;
        page
    };
    vec![
        sample("apps-client", "portal/apps/client.html", full, &client(true)),
        sample("apps-client-suspended", "portal/apps/client.html", &["suspended", "resume"], &client(false)),
        sample("apps-client-viewer", "portal/apps/client.html", &["client-id", "snippets"], &viewer),
        sample("apps-secret", "portal/apps/secret.html", &["secret", "go-on", "done"], &created),
        sample("apps-secret-next", "portal/apps/secret.html", &["secret", "go-on"], &secret(false)),
    ]
}
