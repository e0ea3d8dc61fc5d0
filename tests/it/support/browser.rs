//! A browser without JavaScript, driven by tests: it sends what Chromium sends and keeps cookies by the same rules.

use super::cookies::{Context, Jar, is_trustworthy};
use super::page::{Form, Page};
use reqwest::redirect::Policy;
use reqwest::{Client, Method};
use url::Url;

/// One person's browser, at home at one origin.
pub struct Browser {
    client: Client,
    home: Url,
    /// Its cookies.
    pub cookies: Jar,
    /// The `Set-Cookie` headers that it refused, with the reason.
    pub refused_cookies: Vec<String>,
}

/// Who asks for a page.
#[derive(Clone, Copy)]
struct Start<'a> {
    initiator: Option<&'a Url>,
    no_referrer: bool,
}

impl Browser {
    /// A browser without cookies. It follows redirects only within `home`'s origin.
    pub fn new(home: &str) -> Self {
        let client = crate::support::http().redirect(Policy::none()).timeout(crate::support::PATIENCE).build().expect("an HTTP client");
        Self { client, home: Url::parse(home).expect("a URL"), cookies: Jar::default(), refused_cookies: Vec::new() }
    }

    /// Types an address (absolute, or a path at home) and follows redirects.
    pub async fn get(&mut self, url: &str) -> Page {
        let page = self.get_once(url).await;
        self.follow(page).await
    }

    /// Types an address and stays at the first answer.
    pub async fn get_once(&mut self, url: &str) -> Page {
        let url = self.home.join(url).expect("a URL");
        self.navigate(Method::GET, url, None, Start { initiator: None, no_referrer: false }).await
    }

    /// Clicks a link to `url` on the page at `from`, which may be foreign, and follows redirects.
    pub async fn click(&mut self, from: &str, url: &str) -> Page {
        let (from, url) = (Url::parse(from).expect("a URL"), self.home.join(url).expect("a URL"));
        let page = self.navigate(Method::GET, url, None, Start { initiator: Some(&from), no_referrer: false }).await;
        self.follow(page).await
    }

    /// Posts fields from the page at `from`, which may be foreign: what a hostile page can do. Stays at the first answer.
    pub async fn post_from(&mut self, from: &str, url: &str, fields: &[(&str, &str)]) -> Page {
        let (from, url) = (Url::parse(from).expect("a URL"), self.home.join(url).expect("a URL"));
        let fields: Vec<(String, String)> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.navigate(Method::POST, url, Some(&fields), Start { initiator: Some(&from), no_referrer: false }).await
    }

    /// Presses a button of a form and follows redirects.
    pub async fn submit(&mut self, form: &Form, button_id: &str) -> Page {
        let page = self.submit_once(form, button_id).await;
        self.follow(page).await
    }

    /// Presses a button of a form and stays at the first answer.
    pub async fn submit_once(&mut self, form: &Form, button_id: &str) -> Page {
        let (mut url, pairs) = form.press(button_id);
        let start = Start { initiator: Some(&form.page.0), no_referrer: form.page.1 };
        if form.post {
            self.navigate(Method::POST, url, Some(&pairs), start).await
        } else {
            url.query_pairs_mut().clear().extend_pairs(&pairs);
            self.navigate(Method::GET, url, None, start).await
        }
    }

    /// Follows redirects as long as they stay at home; the answer may be one that points elsewhere.
    pub async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..20 {
            let Some(target) = page.location().filter(|target| target.origin() == self.home.origin()) else { return page };
            // 307 and 308 would send the body again; nothing here should ask for that.
            assert!(!matches!(page.status.as_u16(), 307 | 308), "{} answers {}", page.url, page.status);
            let initiator = page.initiator.clone();
            page = self.navigate(Method::GET, target, None, Start { initiator: initiator.as_ref(), no_referrer: false }).await;
        }
        panic!("more than 20 redirects, at {}", page.url);
    }

    async fn navigate(&mut self, method: Method, url: Url, fields: Option<&[(String, String)]>, start: Start<'_>) -> Page {
        let site = site(start.initiator, &url);
        let post = method == Method::POST;
        let mut request = self
            .client
            .request(method, url.clone())
            .header("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8")
            .header("Accept-Language", "en-US,en;q=0.9")
            .header("Upgrade-Insecure-Requests", "1");
        // Fetch metadata goes to trustworthy origins only.
        if is_trustworthy(&url) {
            for (name, value) in [("Site", site), ("Mode", "navigate"), ("User", "?1"), ("Dest", "document")] {
                request = request.header(format!("Sec-Fetch-{name}"), value);
            }
        }
        if post {
            // A page with `Referrer-Policy: no-referrer` posts with `Origin: null` (Fetch, "append a request Origin header").
            let origin = start.initiator.filter(|_| !start.no_referrer).map(|from| from.origin().ascii_serialization());
            request = request.header("Origin", origin.as_deref().unwrap_or("null"));
        }
        if let Some(cookies) = self.cookies.header(&url, Context { cross_site: site == "cross-site", safe_method: !post }) {
            request = request.header("Cookie", cookies);
        }
        if let Some(fields) = fields {
            request = request.form(fields);
        }
        let answer = request.send().await.unwrap_or_else(|error| panic!("{url} does not answer: {error}"));
        for header in answer.headers().get_all("set-cookie") {
            let header = header.to_str().expect("a cookie in ASCII");
            if let Err(reason) = self.cookies.take(&url, header) {
                self.refused_cookies.push(format!("{reason}: {header}"));
            }
        }
        let (status, headers) = (answer.status(), answer.headers().clone());
        let no_referrer = headers.get("referrer-policy").is_some_and(|policy| policy == "no-referrer");
        let body = answer.text().await.expect("a body of text");
        Page { url, status, headers, body, initiator: start.initiator.cloned(), no_referrer }
    }
}

/// `Sec-Fetch-Site`. Sites are told apart by scheme and host: tests use no registrable domains with subdomains.
fn site(initiator: Option<&Url>, target: &Url) -> &'static str {
    match initiator {
        None => "none",
        Some(from) if from.origin() == target.origin() => "same-origin",
        Some(from) if (from.scheme(), from.host_str()) == (target.scheme(), target.host_str()) => "same-site",
        Some(_) => "cross-site",
    }
}
