//! What a new app can begin with: three roles that most apps have.

use super::deployment::{self, Deployment, PermissionSpec};
use super::{App, AppError};
use crate::access::role::end_user;
use crate::base::fault::Fault;
use crate::base::text::{Description, DisplayName, Slug, TextError, Verb};
use crate::word;
use crate::words::Words;
use crate::work::{Changing, Work};

/// The permissions: the verb, the key of what it lets people do, and what it brings.
const PERMISSIONS: [(&str, &str, &[&str]); 3] =
    [("read", word!("template-read"), &[]), ("write", word!("template-write"), &["read"]), ("manage", word!("template-manage"), &["write"])];

/// The roles: the key, the keys of name and description, and the permission.
const ROLES: [(&str, &str, &str, &str); 3] = [
    ("viewer", word!("template-viewer"), word!("template-viewer-for"), "read"),
    ("editor", word!("template-editor"), word!("template-editor-for"), "write"),
    (HIGHEST, word!("template-administrator"), word!("template-administrator-for"), "manage"),
];

/// The key of the role that may do everything.
pub const HIGHEST: &str = "administrator";

/// The permissions and roles in one language.
fn texts(words: Words) -> Result<(Vec<PermissionSpec>, Vec<end_user::Spec>), TextError> {
    let permissions = PERMISSIONS.iter().map(|(verb, text, implies)| {
        let implies = implies.iter().map(|verb| Verb::parse(verb)).collect::<Result<_, _>>()?;
        Ok(PermissionSpec { verb: Verb::parse(verb)?, description: Description::parse(&words.say(text))?, implies })
    });
    let roles = ROLES.iter().map(|(key, name, description, permission)| {
        Ok(end_user::Spec {
            key: Slug::parse(key)?,
            name: DisplayName::parse(&words.say(name))?,
            description: Description::parse(&words.say(description))?,
            shared: false,
            permissions: vec![Verb::parse(permission)?],
        })
    });
    Ok((permissions.collect::<Result<_, TextError>>()?, roles.collect::<Result<_, TextError>>()?))
}

/// Gives a deployment viewer, editor and administrator, with what they may do. The texts are those of whoever makes the app.
pub async fn fill(work: &mut Work, changing: &Changing, app: &App, at: &Deployment, words: Words) -> Result<(), AppError> {
    let (permissions, roles) = texts(words).map_err(|error| Fault::new("read the first roles of an app from the catalogue", error))?;
    deployment::put_permissions(work, changing, app, at, &permissions).await?;
    for role in &roles {
        end_user::put(work, changing, app, at, role).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Locale;

    #[test]
    fn every_language_has_good_texts_for_the_first_roles() {
        for (language, _) in crate::words::languages() {
            let (permissions, roles) = texts(Words::of(&Locale::parse(language).unwrap())).unwrap();
            assert_eq!((permissions.len(), roles.len()), (3, 3), "{language}");
            assert!(roles.iter().all(|role| permissions.iter().any(|permission| role.permissions == [permission.verb.clone()])));
        }
    }
}
