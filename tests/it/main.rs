//! The stories: the product from outside, over its real edges (HTTP, SMTP, databases, browsers).

mod support;

mod access;
mod account;
mod app_life;
mod apps;
mod attack;
mod audit;
mod crash;
mod demo;
mod examples;
mod first_minute;
mod floors;
mod groups;
mod invitations;
mod lives;
mod mail;
mod many;
mod model;
mod pages;
mod portal;
mod preview;
mod races;
mod refusals;
mod roles;
mod rules;
mod settings;
mod setup;
mod story;
mod support_browser;
mod support_chromium;
mod support_postgres;
mod support_relying_party;
mod tokens;
