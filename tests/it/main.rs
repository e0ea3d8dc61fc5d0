//! The stories: the product from outside, over its real edges (HTTP, SMTP, databases, browsers).

mod support;

mod account;
mod attack;
mod crash;
mod floors;
mod invitations;
mod mail;
mod pages;
mod races;
mod refusals;
mod story;
mod support_browser;
mod support_chromium;
mod support_postgres;
mod support_relying_party;
