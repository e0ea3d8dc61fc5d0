//! The stories: the product from outside, over its real edges (HTTP, SMTP, databases, browsers).

mod floors;
