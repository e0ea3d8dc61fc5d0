//! Files that are wrong: what is said, and that nothing of them is done.

use super::*;

/// What is said about a file that does not even read.
fn unreadable(text: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("org.toml");
    std::fs::write(&path, text).unwrap();
    read(&path).unwrap_err().to_string().replace(&format!("{}/", dir.path().display()), "")
}

#[test]
fn mistakes_in_writing_are_named_with_line_table_and_key() {
    for (text, said) in [
        ("[organization\nname = 'Acme'\n", "org.toml line 1: "),
        (
            "\n[organization]\nnmae = 'Acme'\n",
            "org.toml line 3, organization.nmae: unknown field `nmae`, expected one of `name`, `internal_domains`, `claims_budget`",
        ),
        ("[organizations]\nname = 'Acme'\n", "org.toml line 1, organizations: unknown field `organizations`, expected one of "),
        ("[organization]\ninternal_domains = []\n", "org.toml line 1, organization: missing field `name`"),
        (
            "[organization]\nname = 'Acme'\nclaims_budget = 100\n",
            "org.toml line 3, organization.claims_budget: the budget for claims must be 512 to 10240 bytes",
        ),
        ("[organization]\nname = 5\n", "org.toml line 2, organization.name: invalid type: integer `5`, expected a string"),
        ("[owner]\nemail = 'olivia'\nname = 'O'\n", "org.toml line 2, owner.email: does not look like an e-mail address"),
        ("[[app]]\nkey = 'a'\nname = 'A'\n[[app]]\nkey = 'B'\nname = 'B'\n", "org.toml line 5, app[2].key: must be 1 to 50 of the characters"),
        ("[[stage]]\nkey = 'x'\nname = 'X'\npurpose = 'fun'\n", "org.toml line 4, stage[1].purpose: unknown variant `fun`, expected "),
        (
            "[[app]]\nkey = 'a'\nname = 'A'\n[[app.deployment]]\nstage = 'qa'\nroles = [\n  { key = 'r', name = 'R' },\n  { key = 'v', naem = 'V' },\n]\n",
            "org.toml line 8, app[1].deployment[1].roles[2].naem: unknown field `naem`",
        ),
        (
            "[[user]]\nemail = 'a@b.example'\nroles = ['sales/viewer']\n",
            "org.toml line 3, user[1].roles[1]: \"sales/viewer\" must look like \"app/stage/role\"",
        ),
        (
            "[[user]]\nemail = 'a@b.example'\nroles = [5]\n",
            "org.toml line 3, user[1].roles[1]: invalid type: integer `5`, expected \"app/stage/role\" or a table",
        ),
        (
            "[[user]]\nemail = 'a@b.example'\ngroups = [{ stage = 'qa', grop = 'x' }]\n",
            "org.toml line 3, user[1].groups[1].grop: unknown field `grop`, expected ",
        ),
        (
            "[[user]]\nemail = 'a@b.example'\norg_roles = [{ role = 'x', ends_at = 'soon' }]\n",
            "org.toml line 3, user[1].org_roles[1].ends_at: must be a date like 2027-01-31",
        ),
        ("[[user]]\nemail = 'a@b.example'\norg_roles = [{ role = 'x', ends_at = 12:00:00 }]\n", "user[1].org_roles[1].ends_at: must be a date"),
        (
            "[[user]]\nemail = 'a@b.example'\npassword_hash = '$2b$12$hunter2'\n",
            "org.toml line 3, user[1].password_hash: the password hash is not an argon2id hash",
        ),
        ("[[user]]\nemail = 'a@b.example'\nprofile = { shoe_size = '44' }\n", "user[1].profile.shoe_size: unknown field `shoe_size`"),
        ("[[user]]\nemail = 'a@b.example'\nname = \"evil\\u202egnp\"\n", "org.toml line 3, user[1].name: must not contain control or text-direction"),
        ("[[permission]]\nkey = 'billing'\n", "org.toml line 2, permission[1].key: must look like category.verb"),
        (
            "[[organization_role]]\nkey = 'r'\nname = 'R'\npermissions = ['view']\n",
            "organization_role[1].permissions[1]: \"view\" must look like \"category.verb\"",
        ),
        ("[[client]]\nclient_id = 'x'\nname = 'X'\nkind = 'app'\n", "org.toml line 4, client[1].kind: unknown variant `app`, expected `api` or `platform`"),
        (
            "[[client]]\nclient_id = 'x'\nname = 'X'\nmetadata = { redirect_uri = 'https://x' }\n",
            "client[1].metadata.redirect_uri: unknown field `redirect_uri`",
        ),
        ("[[group]]\nstage = 'qa'\nkey = 'g'\nname = 'G'\nroles = ['sales/viewer']\n", "group[1].roles[1]: \"sales/viewer\" must look like \"app:role\""),
    ] {
        let error = unreadable(text);
        assert!(error.contains(said), "{text}\n{error}\n{said}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn names_hold_no_separators() {
    // Rule 9: a dot would make a verb look like a permission of the platform, and a colon would make a key look like another app's role.
    let slug = "must be 1 to 50 of the characters a-z, 0-9, _ and -";
    let verb = "must be 1 to 80 of the characters a-z, 0-9, _ and -, without a dot or colon";
    for bad in ["a.b", "a:b"] {
        let deployed = |rest: &str| format!("[[app]]\nkey = 'a'\nname = 'A'\n[[app.deployment]]\nstage = 'qa'\n{rest}\n");
        let short = format!("\"{bad}\" must look like \"verb\" (of the characters a-z, 0-9, _ and -)");
        for (text, at, said) in [
            (deployed(&format!("permissions = ['{bad}']")), "app[1].deployment[1].permissions[1]", short.as_str()),
            (deployed(&format!("permissions = [{{ verb = '{bad}' }}]")), "app[1].deployment[1].permissions[1].verb", verb),
            (deployed(&format!("permissions = [{{ verb = 'x', implies = ['{bad}'] }}]")), "app[1].deployment[1].permissions[1].implies", verb),
            (deployed(&format!("roles = [{{ key = '{bad}', name = 'R' }}]")), "app[1].deployment[1].roles[1].key", slug),
            (deployed(&format!("roles = [{{ key = 'r', name = 'R', permissions = ['{bad}'] }}]")), "app[1].deployment[1].roles[1].permissions", verb),
            (deployed("").replace("'a'", &format!("'{bad}'")), "app[1].key", slug),
            (deployed("").replace("'qa'", &format!("'{bad}'")), "app[1].deployment[1].stage", slug),
            (format!("[[organization_role]]\nkey = '{bad}'\nname = 'R'\npermissions = ['app.view']\n"), "organization_role[1].key", slug),
            (format!("[[group]]\nstage = 'qa'\nkey = '{bad}'\nname = 'G'\n"), "group[1].key", slug),
            (format!("[[stage]]\nkey = '{bad}'\nname = 'X'\npurpose = 'production'\n"), "stage[1].key", slug),
        ] {
            let error = unreadable(&text);
            assert!(error.contains(&format!("{at}: {said}")), "{text}\n{error}\n{at}: {said}");
            assert_eq!(error.lines().count(), 1, "{error}");
        }
    }
}

#[test]
fn secrets_are_not_repeated() {
    for text in [
        "[[client]]\nclient_id = 'x'\nname = 'X'\nsecrets = ['hunter2']\n",
        "[[client]]\nclient_id = 'x'\nname = 'X'\nsecrets = [{ secret = 'hunter2' }]\n",
        "[[client]]\nclient_id = 'x'\nname = 'X'\nsecrets = 'hunter2'\n",
        "[[client]]\nclient_id = 'x'\nname = 'X'\nsecrets = [{ secret = ['hunter2'] }]\n",
        "[[user]]\nemail = 'a@b.example'\npassword_hash = ['hunter2']\n",
        "[[user]]\nemail = 'a@b.example'\npassword_hash = 'hunter2'\n",
        "[[user]]\nemail = 'a@b.example'\npassword_hash = 'hunter2\n",
        "[owner]\nemail = 'a@b.example'\nname = 'A'\npassword_file = ['hunter2']\n",
    ] {
        let error = unreadable(text);
        assert!(!error.contains("hunter2") && error.starts_with("org.toml line "), "{error}");
    }
}

#[test]
fn what_stands_twice_is_refused() {
    let app = "[[app]]\nkey = 'a'\nname = 'A'\n";
    let deployment = format!("{app}[[app.deployment]]\nstage = 'qa'\n");
    for (text, said) in [
        (format!("{app}{app}"), "app \"a\": the file lists it twice"),
        (format!("{deployment}[[app.deployment]]\nstage = 'qa'\n"), "app \"a\", deployment at \"qa\": the file lists it twice"),
        (format!("{deployment}permissions = ['x', {{ verb = 'x' }}]\n"), "app \"a\", deployment at \"qa\", permission \"x\": the file"),
        (format!("{deployment}roles = [{{ key = 'r', name = 'R' }}, {{ key = 'r', name = 'R2' }}]\n"), "deployment at \"qa\", role \"r\": the file"),
        ("[[user]]\nemail = 'ana@b.example'\n[[user]]\nemail = 'ANA@B.example'\n".to_owned(), "user \"ana@b.example\": the file lists it twice"),
        (small("[[user]]\nemail = 'Olivia@acme.example'\nname = 'Liv'\n"), "user \"Olivia@acme.example\": give the name in [owner] only"),
        (small("").replace("name = 'Olivia'", "name = 'Olivia', password_file = 'x'"), "owner: give it password_hash or password_file, not both"),
        (
            format!("{deployment}clients = [{{ client_id = 'cli', name = 'C' }}]\n[[client]]\nclient_id = 'cli'\nname = 'C'\n"),
            "client \"cli\": the file lists it twice",
        ),
    ] {
        let error = unreadable(&text);
        assert!(error.contains(said), "{error}\n{said}");
    }
}

#[test]
fn a_file_that_is_not_there_or_not_text_is_named() {
    let error = read(Path::new("/nowhere/org.toml")).unwrap_err().to_string();
    assert!(error.starts_with("cannot read /nowhere/org.toml: No such file"), "{error}");
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("x"), [0xff, 0xfe]).unwrap();
    assert!(read(&dir.path().join("x")).unwrap_err().to_string().contains("valid UTF-8"));
    assert!(read(dir.path()).is_err(), "a folder");
}

const APPS: &str = "[[app]]\nkey = 'sales'\nname = 'Sales'\n[[app.deployment]]\nstage = 'qa'\npermissions = ['read']\nroles = [{ key = 'viewer', name = 'V' }]\n\
                    [[group]]\nstage = 'production'\nkey = 'team'\nname = 'T'\n";

#[tokio::test]
async fn what_refers_to_nothing_is_refused_by_name_and_nothing_is_done() {
    let case = Case::small().await;
    case.apply(APPS).await.unwrap();
    let events = case.events().await;
    let user = |rest: &str| format!("[[user]]\nemail = 'ana@acme.example'\n{rest}\n");
    let app = |rest: &str| format!("[[app]]\nkey = 'crm'\nname = 'CRM'\n[[app.deployment]]\nstage = 'qa'\n{rest}\n");
    let role = |rest: &str| format!("[[organization_role]]\nkey = 'r'\nname = 'R'\npermissions = [{rest}]\n");
    let own = |key: &str, implies: &str| {
        format!(
            "[[permission]]\nkey = '{key}'\nname = 'N'\ncategory = 'C'\npurpose = ''\nreaches = ['organization']\nby_stage = false\nimplies = [{{ permission = '{implies}', at = 'same_stage' }}]\nenforced = 'tools'\n"
        )
    };
    for (text, said) in [
        (user("roles = ['crm/qa/viewer']"), "user \"ana@acme.example\": there is no app \"crm\"; known: sales"),
        (user("roles = ['sales/produktion/viewer']"), "user \"ana@acme.example\": there is no stage \"produktion\"; known: production, "),
        (user("roles = ['sales/production/viewer']"), "user \"ana@acme.example\": the app \"sales\" is not deployed to the stage \"production\"; known: qa"),
        (user("roles = ['sales/qa/boss']"), "user \"ana@acme.example\": the app \"sales\" has no role \"boss\" at the stage \"qa\"; known: viewer"),
        (user("groups = ['production/crew']"), "user \"ana@acme.example\": there is no group \"crew\" at the stage \"production\"; known: team"),
        (user("groups = ['qa/crew']"), "there is no group \"crew\" at the stage \"qa\"; there are none"),
        (user("org_roles = ['develper']"), "user \"ana@acme.example\": there is no organization role \"develper\"; known: developer, administrator"),
        (user("org_roles = [{ role = 'developer', app = 'crm' }]"), "user \"ana@acme.example\": there is no app \"crm\"; known: sales"),
        (app("").replace("'qa'", "'moon'"), "app \"crm\", deployment at \"moon\": there is no stage \"moon\""),
        (
            app("roles = [{ key = 'r', name = 'R', permissions = ['fly'] }]"),
            "deployment at \"qa\": the role r of crm holds \"fly\", which the app does not have",
        ),
        (app("permissions = [{ verb = 'a', implies = ['b'] }]"), "implies \"b\", which it does not have"),
        (app("listed_roles = ['sales:viewer']"), "app \"crm\", deployment at \"qa\": crm lists \"sales:viewer\", which is no shared role"),
        (app("resource = 'http://localhost:8080/api'"), "the resource \"http://localhost:8080/api\" must be an absolute URI"),
        (
            app("clients = [{ client_id = 'crm', name = 'C' }]"),
            "deployment at \"qa\": client \"crm\": the client crm: grant type authorization_code needs at least one redirect URI",
        ),
        (app("clients = [{ client_id = 'c', name = 'C' }]"), "client \"c\": the client id \"c\" must be 3 to 100"),
        ("[[client]]\nclient_id = 'hr-sync'\nname = 'HR'\n".to_owned(), "client \"hr-sync\": the client hr-sync needs a secret"),
        (role("'app.fly'"), "organization_role \"r\": the role r holds app.fly, which is no permission"),
        (role("{ permission = 'app.view', at = ['moon'] }"), "organization_role \"r\": \"moon\" is neither every_stage, nor a purpose"),
        (role("{ permission = 'users.manage', at = ['qa'] }"), "organization_role \"r\": the role r limits users.manage to stages"),
        (role(""), "organization_role \"r\": a role needs one permission at least"),
        (role("'app.view'").replace("'R'", "'developer'"), "organization_role \"r\": there is another role with the name developer"),
        (role("").replace("'r'", "'developer'"), "organization_role \"developer\": the role developer is built in"),
        (own("billing.run", "app.view"), "permission \"billing.run\": the permission billing.run must have a key that begins with x-"),
        (own("x-a.b", "app.fly"), "permission \"x-a.b\": the permission x-a.b implies app.fly, which is no permission"),
        (own("x-a.b", "x-c.d") + &own("x-c.d", "x-a.b"), "permission \"x-a.b\": the permission x-a.b implies x-c.d, which is no permission"),
        (
            "[[group]]\nstage = 'production'\nkey = 'g'\nname = 'G'\nroles = ['sales:viewer']\n".to_owned(),
            "group \"production/g\": the app \"sales\" is not deployed to the stage \"production\"",
        ),
        ("[[stage]]\nkey = 'qa'\nname = 'QA'\npurpose = 'production'\n".to_owned(), "stage \"qa\": the purpose of the stage qa cannot change"),
        ("[[stage]]\nkey = 'qa'\nname = 'QA'\npurpose = 'non_production'\nsession_hours = 0\n".to_owned(), "stage \"qa\": sessions of the stage qa must last"),
        ("[organization]\nname = 'Acme'\ninternal_domains = ['acme']\n".to_owned(), "organization: the internal domain \"acme\" is no domain"),
    ] {
        // What stands before the mistake is undone with it.
        let text = text + "[[user]]\nemail = 'zoe@acme.example'\n";
        let error = case.apply(&text).await.unwrap_err();
        assert!(error.contains(said), "{error}\n{said}");
        assert_eq!(case.events().await, events, "{said}");
    }
    assert!(case.user("zoe@acme.example").await.is_none() && case.user("ana@acme.example").await.is_none());
    case.close().await;
}

#[tokio::test]
async fn no_client_is_called_as_a_user_could_be() {
    let case = Case::small().await;
    case.apply(APPS).await.unwrap();
    let events = case.events().await;
    // Both stand in `sub` (rule 9): a user's id in each way of writing it, and what no id may hold.
    let hyphens = "01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa";
    for id in [hyphens, &hyphens.to_uppercase(), &hyphens.replace('-', ""), "hr:sync", "hr/sync", "hr sync"] {
        let own = format!("[[client]]\nclient_id = '{id}'\nname = 'HR'\nsecrets = ['0123456789abcdef0123456789abcdef']\n");
        let of_app = format!("[[app]]\nkey = 'sales'\nname = 'Sales'\n[[app.deployment]]\nstage = 'qa'\nclients = [{{ client_id = '{id}', name = 'C' }}]\n");
        for text in [own, of_app] {
            let error = case.apply(&text).await.unwrap_err();
            let said = format!("the client id \"{id}\" must be 3 to 100 of the characters A-Z, a-z, 0-9, dot, _ and -, and not look like a user id");
            assert!(error.contains(&said), "{error}\n{said}");
        }
    }
    assert_eq!(case.events().await, events);
    case.close().await;
}

#[tokio::test]
async fn somebody_must_administer() {
    let case = Case::new().await;
    let nobody = "owner: without it nobody could sign in as Administrator: name an owner with password_hash or password_file";
    for text in [
        "[organization]\nname = 'Acme'\n",
        "organization = { name = 'Acme' }\nowner = { email = 'olivia@acme.example', name = 'Olivia' }\n",
        "organization = { name = 'Acme' }\nuser = [{ email = 'ana@acme.example', org_roles = [{ role = 'administrator', ends_at = 2099-01-01 }] }]\n",
    ] {
        assert_eq!(case.apply(text).await.unwrap_err(), nobody);
    }
    assert_eq!(case.apply("").await.unwrap_err(), "organization: the file must name it: there is none yet");
    assert_eq!(case.events().await, 0);
    case.apply(&small("")).await.unwrap();
    // A file cannot put an end to the only Administrator.
    let text = "user = [{ email = 'olivia@acme.example', org_roles = [{ role = 'administrator', ends_at = 2099-01-01 }] }]\n";
    let error = case.apply(text).await.unwrap_err();
    assert!(error.starts_with("user \"olivia@acme.example\": this is the last Administrator"), "{error}");
    case.close().await;
}

#[tokio::test]
async fn nothing_is_given_for_a_time_that_is_over_nor_to_those_who_are_shut_out() {
    let case = Case::small().await;
    case.apply(APPS).await.unwrap();
    let user = |rest: &str| format!("[[user]]\nemail = 'ana@acme.example'\n{rest}\n");
    for over in [
        "org_roles = [{ role = 'developer', ends_at = 2020-01-01 }]",
        "roles = [{ app = 'sales', stage = 'qa', role = 'viewer', ends_at = 2020-01-01 }]",
        "groups = [{ stage = 'production', group = 'team', ends_at = 2020-01-01 }]",
    ] {
        let error = case.apply(&user(over)).await.unwrap_err();
        assert!(error.contains("user \"ana@acme.example\": the end lies in the past: choose an end in the future, or none"), "{error}");
    }
    case.apply(&user("roles = ['sales/qa/viewer']")).await.unwrap();
    let mut tx = case.server.ground.db.write().await.unwrap();
    assert_eq!(crate::execute!(tx, "UPDATE users SET status = 'inactive' WHERE email_key = 'ana@acme.example'").unwrap(), 1);
    tx.commit().await.unwrap();
    // What they hold stands in the file still; more is refused.
    case.apply(&user("roles = ['sales/qa/viewer']")).await.unwrap();
    for more in ["org_roles = ['developer']", "groups = ['production/team']"] {
        let error = case.apply(&user(more)).await.unwrap_err();
        assert!(error.contains("user \"ana@acme.example\": this user is deactivated: activate the user first"), "{error}");
    }
    case.close().await;
}
