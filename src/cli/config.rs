//! `gatehouse config check` and `gatehouse config print`: what they say. The caller writes the text to stdout, or the
//! errors to stderr with a failing exit code.

use crate::config::{Config, ConfigErrors, Sources};

/// Says that the configuration holds together, with what should still be put right; or all that is wrong with it.
pub fn check(sources: Sources) -> Result<String, ConfigErrors> {
    let config = Config::load(sources)?;
    let mut text = format!("The configuration is fine. The server will be {} and listen on {}.\n", config.server.public_url.issuer(), config.server.listen);
    for warning in config.warnings() {
        text.push_str("Warning: ");
        text.push_str(warning);
        text.push('\n');
    }
    Ok(text)
}

/// Lists every setting with value, origin and meaning, secrets masked; a configuration with errors is not listed.
pub fn print(sources: Sources) -> Result<String, ConfigErrors> {
    Config::load(sources).map(|config| config.print())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(flags: &[(&str, &str)]) -> (tempfile::TempDir, Sources) {
        let dir = tempfile::tempdir().unwrap();
        let flags = flags.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let sources = Sources { flags, working_dir: dir.path().to_owned(), ..Sources::default() };
        (dir, sources)
    }

    #[test]
    fn a_check_names_the_server_and_its_warnings() {
        let (_dir, sources) = sources(&[("server.public_url", "https://id.example.org"), ("mail.smtp_url", "smtp://mail.example.org")]);
        let text = check(sources).unwrap();
        assert!(text.contains("https://id.example.org and listen on 127.0.0.1:8080"), "{text}");
        assert!(text.contains("\nWarning: mail.smtp_url: mail to mail.example.org travels unencrypted"), "{text}");
    }

    #[test]
    fn errors_go_to_the_caller() {
        let flags = [("server.listen", "everywhere"), ("log.format", "xml")];
        let (_dir, wrong) = sources(&flags);
        assert_eq!(check(wrong).unwrap_err().iter().count(), 2);
        let (_dir, wrong) = sources(&flags);
        assert!(print(wrong).unwrap_err().to_string().starts_with("The configuration has 2 errors:\n  server.listen (flag): "));
    }

    #[test]
    fn a_listing_has_every_section() {
        let (_dir, sources) = sources(&[]);
        let text = print(sources).unwrap();
        for section in ["server", "secrets", "database", "mail", "log", "tokens", "invitations", "keys", "limits"] {
            assert!(text.contains(&format!("\n[{section}]\n")), "{section} in {text}");
        }
    }
}
