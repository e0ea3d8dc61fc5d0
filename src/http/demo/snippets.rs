//! What a developer pastes to check access tokens: the files of `examples/verify`, with this issuer, audience and permission in them.

/// A file of `examples/verify`.
struct Source {
    /// For ids and file names.
    key: &'static str,
    /// How the language calls itself.
    language: &'static str,
    file: &'static str,
    /// What makes its packages available.
    install: &'static str,
    text: &'static str,
}

/// The examples, in the order of their tabs.
const SOURCES: &[Source] = &[
    Source {
        key: "rust",
        language: "Rust",
        file: "verify.rs",
        install: "cargo add jsonwebtoken -F aws_lc_rs && cargo add reqwest -F json && cargo add serde -F derive && cargo add tokio -F sync",
        text: include_str!("../../../examples/verify/rust/verify.rs"),
    },
    Source {
        key: "typescript",
        language: "TypeScript",
        file: "verify.ts",
        install: "npm install jose",
        text: include_str!("../../../examples/verify/typescript/verify.ts"),
    },
    Source {
        key: "python",
        language: "Python",
        file: "verify.py",
        install: "pip install \"PyJWT[crypto]\"",
        text: include_str!("../../../examples/verify/python/verify.py"),
    },
    Source {
        key: "go",
        language: "Go",
        file: "verify.go",
        install: "go get github.com/golang-jwt/jwt/v5 github.com/MicahParks/keyfunc/v3",
        text: include_str!("../../../examples/verify/go/verify.go"),
    },
    Source {
        key: "java",
        language: "Java",
        file: "Verify.java",
        install: "com.nimbusds:nimbus-jose-jwt",
        text: include_str!("../../../examples/verify/java/Verify.java"),
    },
];

/// What stands in the files until it is filled in. All five languages write it in double quotes and know JSON's escapes.
const ISSUER: &str = "\"https://id.example.org\"";
const AUDIENCE: &str = "\"https://id.example.org/apps/orders/production\"";
const PERMISSION: &str = "\"approve\"";

/// A snippet, filled in.
#[derive(Clone, Debug)]
pub struct Snippet {
    /// For ids.
    pub key: &'static str,
    /// The language.
    pub language: &'static str,
    /// The name of the file.
    pub file: &'static str,
    /// What makes its packages available.
    pub install: &'static str,
    /// The text.
    pub text: String,
}

/// Every snippet, for tokens of `issuer` for `audience` that must carry `permission`.
pub fn all(issuer: &str, audience: &str, permission: &str) -> Vec<Snippet> {
    let filled = |source: &Source| {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let text = source.text.replace(AUDIENCE, &quoted(audience)).replace(ISSUER, &quoted(issuer)).replace(PERMISSION, &quoted(permission));
        Snippet { key: source.key, language: source.language, file: source.file, install: source.install, text }
    };
    SOURCES.iter().map(filled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_the_three_places_once_and_is_short() {
        for source in SOURCES {
            for place in [ISSUER, AUDIENCE, PERMISSION] {
                assert_eq!(source.text.matches(place).count(), 1, "{} {place}", source.file);
            }
            let lines = source.text.lines().count();
            assert!(lines <= 48, "{} has {lines} lines", source.file);
            assert!(source.text.lines().all(|line| line.len() <= 116), "{}", source.file);
        }
        for snippet in all("http://localhost:8080", "urn:a\"b\\c", "read") {
            assert!(snippet.text.contains("\"http://localhost:8080\"") && snippet.text.contains(r#""urn:a\"b\\c""#) && snippet.text.contains("\"read\""));
            assert!(!snippet.text.contains("example.org"), "{}", snippet.file);
        }
    }
}
