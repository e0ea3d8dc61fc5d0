//! Somebody with a browser and an app, whose connections may break at any moment.

use crate::support::cookies::{Context, Jar};
use crate::support::house::{PASSWORD, REDIRECT, SECRET};
use crate::support::page::Page;
use reqwest::redirect::Policy;
use reqwest::{Client, Method};
use serde_json::Value;
use url::Url;

/// A verifier and its challenge (RFC 7636 appendix B).
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// The connection broke, or nobody listens.
pub type Broken = reqwest::Error;

/// A person signed in to the app, with what was acknowledged to them.
#[derive(Clone)]
pub struct Person {
    http: Client,
    issuer: String,
    cookies: Jar,
    /// The refresh token that the app was given last.
    pub refresh_token: Option<String>,
}

impl Person {
    pub fn new(issuer: &str) -> Self {
        let http = crate::support::http().redirect(Policy::none()).timeout(crate::support::PATIENCE).build().expect("a client");
        Self { http, issuer: issuer.to_owned(), cookies: Jar::default(), refresh_token: None }
    }

    async fn go(&mut self, method: Method, url: Url, form: &[(String, String)]) -> Result<Page, Broken> {
        let mut request = self.http.request(method.clone(), url.clone());
        if let Some(cookies) = self.cookies.header(&url, Context { cross_site: false, safe_method: method == Method::GET }) {
            request = request.header("Cookie", cookies);
        }
        if method == Method::POST {
            request = request.form(form);
        }
        let answer = request.send().await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        // Only what came whole counts.
        let body = answer.text().await?;
        for cookie in headers.get_all("set-cookie") {
            self.cookies.take(&url, cookie.to_str().expect("ASCII")).expect("a good cookie");
        }
        Ok(Page { url, status, headers, body, initiator: None, no_referrer: true })
    }

    /// Follows redirects at home, and answers what comes last.
    async fn follow(&mut self, mut page: Page) -> Result<Page, Broken> {
        while let Some(url) = page.location().filter(|url| url.as_str().starts_with(&self.issuer)) {
            page = self.go(Method::GET, url, &[]).await?;
        }
        Ok(page)
    }

    /// Asks for a page at home.
    pub async fn get(&mut self, path: &str) -> Result<Page, Broken> {
        let url = Url::parse(&self.issuer).expect("a URL").join(path).expect("a path");
        let page = self.go(Method::GET, url, &[]).await?;
        self.follow(page).await
    }

    /// Asks for a code. `None`: a page asks who it is.
    async fn authorize(&mut self) -> Result<(Page, Option<String>), Broken> {
        let path = format!(
            "/oauth2/authorize?response_type=code&client_id=sales&redirect_uri={REDIRECT}&scope=openid&state=s&code_challenge={CHALLENGE}&code_challenge_method=S256"
        );
        let page = self.get(&path).await?;
        let code = code(&page);
        Ok((page, code))
    }

    /// Whether this browser's session still gives codes.
    pub async fn is_signed_in(&mut self) -> Result<bool, Broken> {
        Ok(self.authorize().await?.1.is_some())
    }

    /// Signs in with the password; answers the code.
    pub async fn sign_in(&mut self, email: &str) -> Result<String, Broken> {
        let (page, _) = self.authorize().await?;
        let (url, pairs) = page.form("/login").fill("username", email).fill("password", PASSWORD).press("login-submit");
        let page = self.go(Method::POST, url, &pairs).await?;
        let page = self.follow(page).await?;
        Ok(code(&page).unwrap_or_else(|| panic!("no code for {email}, but {}: {}", page.status, page.text())))
    }

    async fn token(&mut self, form: &[(&str, &str)]) -> Result<Value, Broken> {
        let answer = self.http.post(format!("{}/oauth2/token", self.issuer)).basic_auth("sales", Some(SECRET)).form(form).send().await?;
        let status = answer.status();
        let answer: Value = answer.json().await?;
        assert_eq!(status, 200, "{form:?}: {answer}");
        self.refresh_token = Some(answer["refresh_token"].as_str().expect("a refresh token").to_owned());
        Ok(answer)
    }

    /// The app redeems a code.
    pub async fn redeem(&mut self, code: &str) -> Result<Value, Broken> {
        self.token(&[("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT), ("code_verifier", VERIFIER)]).await
    }

    /// The app refreshes with what it was given last.
    pub async fn refresh(&mut self) -> Result<Value, Broken> {
        let token = self.refresh_token.clone().expect("a refresh token");
        self.token(&[("grant_type", "refresh_token"), ("refresh_token", &token)]).await
    }
}

fn code(page: &Page) -> Option<String> {
    let url = page.location().filter(|url| url.as_str().starts_with(REDIRECT))?;
    let found = url.query_pairs().find(|(name, _)| name == "code").map(|(_, code)| code.into_owned());
    Some(found.unwrap_or_else(|| panic!("no code in {url}")))
}
