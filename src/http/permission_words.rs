//! Platform permissions as people read them: the built-in ones in the words of the catalogue, the organization's own as it named them.

use crate::access::catalogue::Catalogue;
use crate::access::permission::{PlatformPermission, built_in};
use crate::words::Words;

/// The key of a built-in permission's name: `permission-asset-open` for `asset.open`. The test of the catalogue does the same.
fn key(permission: &PlatformPermission) -> String {
    format!("permission-{}", permission.key.as_str().replace(['.', '_'], "-"))
}

/// The name of a permission.
pub fn name(words: Words, permission: &PlatformPermission) -> String {
    if permission.key.is_own() { permission.name.to_string() } else { words.say(&key(permission)) }
}

/// The name of the permission with this key; `None`: there is none.
pub fn name_of(words: Words, catalogue: &Catalogue, key: &str) -> Option<String> {
    catalogue.platform_permission(key).map(|permission| name(words, permission))
}

/// What its holder may do.
pub fn purpose(words: Words, permission: &PlatformPermission) -> String {
    if permission.key.is_own() { permission.purpose.to_string() } else { words.say(&format!("{}-purpose", key(permission))) }
}

/// The heading under which it stands. One of the organization's own may stand under a built-in heading, and reads like the others there.
pub fn category(words: Words, permission: &PlatformPermission) -> String {
    let category = permission.category.as_str();
    if permission.key.is_own() && built_in().permissions.iter().all(|built_in| built_in.category.as_str() != category) {
        return category.to_owned();
    }
    words.say(&format!("permission-category-{}", category.to_lowercase().replace(' ', "-")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::{DisplayName, Locale, PermissionKey};
    use crate::words::languages;

    #[test]
    fn english_says_what_the_list_of_permissions_says() {
        let words = Words::of(&Locale::english());
        for permission in &built_in().permissions {
            assert_eq!(name(words, permission), permission.name.as_str(), "{}", permission.key);
            assert_eq!(purpose(words, permission), permission.purpose.as_str(), "{}", permission.key);
            assert_eq!(category(words, permission), permission.category.as_str(), "{}", permission.key);
        }
    }

    #[test]
    fn every_built_in_permission_has_words_in_every_language() {
        for (tag, _) in languages() {
            let words = Words::of(&Locale::parse(tag).unwrap());
            assert_eq!(words.lang(), tag);
            for permission in &built_in().permissions {
                for text in [name(words, permission), purpose(words, permission), category(words, permission)] {
                    assert!(!text.is_empty() && !text.starts_with("permission-"), "{tag}: {} reads {text:?}", permission.key);
                }
            }
        }
        let (english, german) = (Words::of(&Locale::english()), Words::of(&Locale::parse("de").unwrap()));
        let open = built_in().permission("asset.open").unwrap();
        assert_eq!((name(english, open), name(german, open)), ("Open".to_owned(), "Öffnen".to_owned()));
    }

    #[test]
    fn the_organization_says_itself_what_its_own_ones_are_called() {
        let german = Words::of(&Locale::parse("de").unwrap());
        let built_in = built_in().permission("logs.view").unwrap();
        let own = PlatformPermission { key: PermissionKey::parse("x-logs.view").unwrap(), ..built_in.clone() };
        assert_eq!((name(german, &own), purpose(german, &own)), (built_in.name.to_string(), built_in.purpose.to_string()));
        // A heading that is built in reads like the others under it; any other one reads as it was typed.
        assert_eq!(category(german, &own), category(german, built_in));
        let elsewhere = PlatformPermission { category: DisplayName::parse("Billing").unwrap(), ..own };
        assert_eq!(category(german, &elsewhere), "Billing");
    }
}
