//! The stories: the product from outside, over its real edges (HTTP, SMTP, databases, browsers).

mod support;

mod account;
mod apps;
mod attack;
mod crash;
mod demo;
mod examples;
mod first_minute;
mod floors;
mod groups;
mod invitations;
mod mail;
mod pages;
mod portal;
mod preview;
mod races;
mod refusals;
mod settings;
mod setup;
mod story;
mod support_browser;
mod support_chromium;
mod support_postgres;
mod support_relying_party;
