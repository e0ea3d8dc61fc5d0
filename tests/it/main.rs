//! The stories: the product from outside, over its real edges (HTTP, SMTP, databases, browsers).

mod support;

mod attack;
mod crash;
mod floors;
mod groups;
mod mail;
mod pages;
mod races;
mod refusals;
mod settings;
mod story;
mod support_browser;
mod support_chromium;
mod support_postgres;
mod support_relying_party;
