//! What is held at one app and stage, each with its ways.

use super::super::Account;
use super::{GivenBy, PlaceCard, Thing, Way, membership};
use crate::access::app::App;
use crate::access::effective::{Effective, Path, RoleRef};
use crate::access::people::Held;
use crate::access::stage::Stage;
use crate::base::fault::Fault;
use crate::db::Tx;
use crate::http::{paths, permission_words};
use crate::oauth::client;

/// The link to the demo of an app at a stage, where there is one.
pub(super) async fn try_it(tx: &mut Tx, app: &App, stage: &Stage) -> Result<Option<String>, Fault> {
    let client = client::by_client_id(tx, &format!("try-{}-{}", app.key, stage.key)).await?;
    Ok(client.filter(|client| client.suspended_at.is_none()).map(|_| paths::try_it(&app.key, &stage.key)))
}

pub(super) fn card(account: &Account, held: &Held, access: &Effective, (app, stage): (&App, &Stage), at: usize, try_it: Option<String>) -> PlaceCard {
    let (words, now) = (account.words, account.person.now);
    let ways = |paths: Vec<Path>| paths.iter().map(|path| way(account, held, path)).collect::<Vec<Way>>();
    // A role that was given directly is its own whole way.
    let direct = |way: Way| if way.steps.len() == 1 { Way { steps: Vec::new(), ..way } } else { way };
    let role_name = |path: Option<&Path>, key: &str| path.and_then(|path| role(held, path)).unwrap_or_else(|| key.to_owned());
    let end_user = access.role_keys().into_iter().map(|key| (key, access.paths_of_role(key)));
    let organization = access.org_role_keys().into_iter().map(|key| (key, access.paths_of_org_role(key)));
    let roles = end_user.chain(organization).map(|(key, paths)| Thing {
        name: role_name(paths.first(), key),
        key: Some(key.to_owned()),
        ways: ways(paths).into_iter().map(direct).collect(),
    });
    let groups = access.groups().iter().map(|has| {
        let group = membership(held, has.group);
        let terms = group.map(|group| GivenBy::of(words, &group.terms, has.period, now));
        let name = group.map_or_else(|| has.group_key.to_string(), |group| group.group_name.to_string());
        Thing { name, key: Some(has.group_key.to_string()), ways: vec![Way { steps: Vec::new(), terms }] }
    });
    let catalogue = &account.person.snapshot.catalogue;
    let permissions = access.permission_keys().map(|key| {
        let name = key.contains('.').then(|| permission_words::name_of(words, catalogue, key)).flatten();
        Thing { key: name.is_some().then(|| key.to_owned()), name: name.unwrap_or_else(|| key.to_owned()), ways: ways(access.paths_of(key)) }
    });
    PlaceCard {
        at,
        app: app.name.to_string(),
        stage: stage.name.to_string(),
        may_sign_in: access.may_sign_in(),
        try_it,
        roles: roles.collect(),
        groups: groups.collect(),
        permissions: permissions.collect(),
    }
}

/// The name of the role at the beginning of a path.
fn role(held: &Held, path: &Path) -> Option<String> {
    match path.role {
        RoleRef::Organization(id) => held.organization.iter().find(|grant| grant.role_id == id).map(|grant| grant.role_name.to_string()),
        RoleRef::EndUser(id) => held.end_user.iter().chain(&held.of_groups).find(|grant| grant.role_id == id).map(|grant| grant.role_name.to_string()),
    }
}

/// A path in words. Its terms are those of what was given to the person: a role, or the place in a group that has the role.
fn way(account: &Account, held: &Held, path: &Path) -> Way {
    let (words, now) = (account.words, account.person.now);
    let mut steps = Vec::new();
    let terms = match (path.role, &path.membership) {
        (RoleRef::EndUser(_), Some(has)) => {
            let group = membership(held, has.group);
            let name = group.map_or_else(|| has.group_key.to_string(), |group| group.group_name.to_string());
            steps.push(words.with("access-group", &[("group", name)]));
            group.map(|group| &group.terms)
        }
        (RoleRef::EndUser(id), None) => held.end_user.iter().find(|grant| grant.role_id == id).map(|grant| &grant.terms),
        (RoleRef::Organization(id), _) => held.organization.iter().find(|grant| grant.role_id == id && grant.app_id == path.app).map(|grant| &grant.terms),
    };
    let name = role(held, path).unwrap_or_else(|| path.role_key.clone());
    steps.push(words.with("account-step-role", &[("role", name)]));
    let platform = |key: &str| permission_words::name_of(words, &account.person.snapshot.catalogue, key);
    steps.extend(path.chain.iter().map(|step| platform(&step.permission).unwrap_or_else(|| step.permission.clone())));
    Way { steps, terms: terms.map(|terms| GivenBy::of(words, terms, path.period, now)) }
}
