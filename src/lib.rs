//! Gatehouse: an OAuth 2 / OpenID Connect identity provider.
//!
//! Six floors; a module uses floors below its own, never above (`tests/it/floors.rs` guards it):
//!
//! 1. `base`: values
//! 2. `db`, `crypto`, `words`: the outside, wrapped
//! 3. `work`, `actor`, `audit`, `outbox`, `mail`: what every rule needs
//! 4. `lifecycle` → `oauth` → `login` → `access` → `identity`: the rules (an arrow may be used, never back)
//! 5. `config`, `log`, `server`: builds the parts, opens the work
//! 6. `cli`, `http`, `worker`: parse, one rule, commit, render
//!
//! `serve` stands above them: it puts the listener and the workers together, for the binary and the tests alike.

pub mod base;

pub mod crypto;
pub mod db;
pub mod words;

pub mod actor;
pub mod audit;
pub mod mail;
pub mod outbox;
pub mod work;

pub mod access;
pub mod identity;
pub mod lifecycle;
pub mod login;
pub mod oauth;

pub mod config;
pub mod log;
pub mod server;

pub mod cli;
pub mod http;
pub mod worker;

pub mod serve;
