//! The bar at the top of the portal and of the account (`templates/parts/brand.html` and `account_menu.html`): whose pages these are, who is there, the way out.

/// Two letters that stand for a name.
pub fn initials(name: &str) -> String {
    let mut words = name.split(|c: char| c.is_whitespace() || matches!(c, '.' | '@' | '-')).filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    [words.next(), words.next()].into_iter().flatten().flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_two_letters() {
        assert_eq!(["Ana Ferreira", "bo@acme.example", "Cher", "ß x", "  ", "Dr. Dorothea von H"].map(initials), ["AF", "BA", "C", "SSX", "", "DD"]);
    }
}
