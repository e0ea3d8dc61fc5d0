//! Floor 2: cryptography, wrapped. Passwords, secrets at rest, signed tokens; one provider (aws-lc-rs) beneath all of it.

pub mod jwt;
pub mod password;
pub mod seal;

use std::sync::Once;

/// Chooses aws-lc-rs for token verification and for TLS in this process. Call it first; calling it again changes nothing.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        jwt::install();
        // An error says that a provider is installed already, and no other than this one is compiled in.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    });
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_provider_can_be_installed_twice() {
        super::install();
        super::install();
        assert!(rustls::crypto::CryptoProvider::get_default().is_some());
    }
}
