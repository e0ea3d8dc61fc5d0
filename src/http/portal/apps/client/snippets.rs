//! How to configure an app with a client: ready to be copied, with everything in it but the secret.

use crate::http::paths;
use crate::oauth::client::{AuthMethod, Client};
use crate::words::Words;
use serde_json::{Map, Value, json};
use url::Url;

/// Something to copy.
pub struct Snippet {
    /// Its id on the page.
    pub id: &'static str,
    /// What it is for.
    pub title: String,
    /// What to copy.
    pub text: String,
}

/// What apps ask for when they want to know who somebody is and what they may do.
const SCOPES: [&str; 5] = ["openid", "profile", "email", "roles", "permissions"];

struct About<'a> {
    issuer: &'a str,
    client: &'a Client,
    redirect: &'a str,
    scopes: Vec<&'a str>,
    /// What stands where the secret belongs.
    placeholder: String,
    /// Plain http: only on this machine, and libraries want to be told.
    plain: bool,
}

/// The snippets for a client.
pub(super) fn of(issuer: &str, client: &Client, words: Words) -> Vec<Snippet> {
    let may: Vec<&str> = client.metadata.scope.split(' ').collect();
    let about = About {
        issuer,
        client,
        redirect: client.metadata.redirect_uris.first().map_or("", String::as_str),
        scopes: SCOPES.into_iter().filter(|scope| may.contains(scope)).collect(),
        placeholder: words.say("client-secret-placeholder"),
        plain: issuer.starts_with("http:"),
    };
    let snippet = |id, title: String, text: String| Snippet { id, title, text };
    let mut all = vec![
        snippet("snippet-env", words.say("client-snippet-env"), about.environment()),
        snippet("snippet-node", "openid-client (JavaScript)".to_owned(), about.node()),
    ];
    // The other two run on servers.
    if !client.is_public() {
        all.push(snippet("snippet-spring", "Spring Boot (application.yml)".to_owned(), about.spring()));
        all.push(snippet("snippet-aspnet", "ASP.NET Core (appsettings.json)".to_owned(), about.asp_net()));
    }
    all.push(snippet("snippet-discovery", words.say("client-snippet-discovery"), format!("{issuer}{}", paths::DISCOVERY)));
    all
}

/// A text as JSON, which JavaScript and YAML read alike.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

impl About<'_> {
    fn secret(&self) -> bool {
        !self.client.is_public()
    }

    fn environment(&self) -> String {
        // In single quotes a shell changes nothing.
        let quote = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
        let mut lines = vec![format!("OIDC_ISSUER={}", quote(self.issuer)), format!("OIDC_CLIENT_ID={}", quote(&self.client.client_id))];
        if self.secret() {
            lines.push(format!("OIDC_CLIENT_SECRET={}", quote(&self.placeholder)));
        }
        lines.push(format!("OIDC_REDIRECT_URI={}", quote(self.redirect)));
        lines.join("\n")
    }

    fn node(&self) -> String {
        // A page in a browser has no environment.
        let value = |name: &str, literal: &str| if self.secret() { format!("process.env.{name}") } else { quoted(literal) };
        let proof = match self.client.metadata.token_endpoint_auth_method {
            AuthMethod::None => "client.None()",
            AuthMethod::ClientSecretBasic => "client.ClientSecretBasic(process.env.OIDC_CLIENT_SECRET)",
            AuthMethod::ClientSecretPost => "client.ClientSecretPost(process.env.OIDC_CLIENT_SECRET)",
        };
        let (issuer, id) = (value("OIDC_ISSUER", self.issuer), value("OIDC_CLIENT_ID", &self.client.client_id));
        let redirect = value("OIDC_REDIRECT_URI", self.redirect);
        let plain = if self.plain { "\n  { execute: [client.allowInsecureRequests] }, // http, on this machine only" } else { "" };
        let scopes = quoted(&self.scopes.join(" "));
        format!(
            "import * as client from 'openid-client'

const config = await client.discovery(
  new URL({issuer}),
  {id},
  undefined,
  {proof},{plain}
)

// Send people here; keep verifier and state in their session.
const verifier = client.randomPKCECodeVerifier()
const state = client.randomState()
const signIn = client.buildAuthorizationUrl(config, {{
  redirect_uri: {redirect},
  scope: {scopes},
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
}})

// At the redirect URI, with the address that the browser came with:
async function signedIn(address) {{
  const tokens = await client.authorizationCodeGrant(config, new URL(address), {{
    pkceCodeVerifier: verifier,
    expectedState: state,
  }})
  const claims = tokens.claims() // sub, roles, permissions
  const person = await client.fetchUserInfo(config, tokens.access_token, claims.sub) // name, email
  return {{ ...person, ...claims }}
}}"
        )
    }

    fn spring(&self) -> String {
        let method = self.client.metadata.token_endpoint_auth_method;
        let (id, redirect, issuer, scopes) = (quoted(&self.client.client_id), quoted(self.redirect), quoted(self.issuer), self.scopes.join(", "));
        format!(
            "spring:
  security:
    oauth2:
      client:
        registration:
          gatehouse:
            client-id: {id}
            client-secret: \"${{OIDC_CLIENT_SECRET}}\"
            client-authentication-method: {method}
            authorization-grant-type: authorization_code
            redirect-uri: {redirect}
            scope: [{scopes}]
        provider:
          gatehouse:
            issuer-uri: {issuer}

# This client demands PKCE. Spring Security before version 7 must be told to send it:
#   var resolver = new DefaultOAuth2AuthorizationRequestResolver(registrations, \"/oauth2/authorization\");
#   resolver.setAuthorizationRequestCustomizer(OAuth2AuthorizationRequestCustomizers.withPkce());
#   http.oauth2Login(login -> login.authorizationEndpoint(at -> at.authorizationRequestResolver(resolver)));"
        )
    }

    fn asp_net(&self) -> String {
        let callback = Url::parse(self.redirect).map(|url| url.path().to_owned()).unwrap_or_default();
        let mut scheme = Map::new();
        scheme.insert("Authority".to_owned(), json!(self.issuer));
        scheme.insert("ClientId".to_owned(), json!(self.client.client_id));
        scheme.insert("ClientSecret".to_owned(), json!(self.placeholder));
        scheme.insert("ResponseType".to_owned(), json!("code"));
        scheme.insert("UsePkce".to_owned(), json!(true));
        scheme.insert("CallbackPath".to_owned(), json!(callback));
        scheme.insert("Scope".to_owned(), json!(self.scopes));
        // Name and address are not in the ID token.
        scheme.insert("GetClaimsFromUserInfoEndpoint".to_owned(), json!(true));
        if self.plain {
            scheme.insert("RequireHttpsMetadata".to_owned(), json!(false));
        }
        let whole = json!({ "Authentication": { "Schemes": { "OpenIdConnect": scheme } } });
        serde_json::to_string_pretty(&whole).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::ClientId;
    use crate::base::text::{DisplayName, Locale};
    use crate::oauth::client::{Kind, Metadata, Party};

    fn client(auth: AuthMethod, redirect: &str) -> Client {
        Client {
            id: ClientId::fresh(),
            client_id: "sales-web".into(),
            kind: Kind::App,
            deployment: None,
            party: Party::First,
            name: DisplayName::parse("Sales").unwrap(),
            metadata: Metadata { redirect_uris: vec![redirect.into()], token_endpoint_auth_method: auth, ..Metadata::default() },
            claims_version: 1,
            suspended_at: None,
            access_version: 1,
            version: 1,
        }
    }

    fn text(all: &[Snippet], id: &str) -> String {
        all.iter().find(|snippet| snippet.id == id).map(|snippet| snippet.text.clone()).unwrap_or_default()
    }

    #[test]
    fn what_is_copied_says_the_same_everywhere() {
        let words = Words::of(&Locale::english());
        let all = of("https://id.acme.example", &client(AuthMethod::ClientSecretBasic, "https://sales.acme.example/it's?a=\"1\""), words);
        let environment = text(&all, "snippet-env");
        assert!(environment.contains("OIDC_ISSUER='https://id.acme.example'\nOIDC_CLIENT_ID='sales-web'\nOIDC_CLIENT_SECRET="), "{environment}");
        assert!(environment.contains(r#"OIDC_REDIRECT_URI='https://sales.acme.example/it'\''s?a="1"'"#), "{environment}");
        let settings: Value = serde_json::from_str(&text(&all, "snippet-aspnet")).unwrap();
        let scheme = &settings["Authentication"]["Schemes"]["OpenIdConnect"];
        assert_eq!((&scheme["Authority"], &scheme["CallbackPath"]), (&json!("https://id.acme.example"), &json!("/it's")));
        assert!(scheme.get("RequireHttpsMetadata").is_none() && !text(&all, "snippet-node").contains("allowInsecureRequests"));
        assert!(text(&all, "snippet-spring").contains(r#"redirect-uri: "https://sales.acme.example/it's?a=\"1\"""#));
        assert!(text(&all, "snippet-spring").contains("client-authentication-method: client_secret_basic"));
        assert_eq!(text(&all, "snippet-discovery"), "https://id.acme.example/.well-known/openid-configuration");
    }

    #[test]
    fn an_app_without_a_secret_is_not_told_of_one() {
        let all = of("http://localhost:8080", &client(AuthMethod::None, "http://localhost:5173/callback"), Words::of(&Locale::english()));
        assert!(all.iter().all(|snippet| !snippet.text.contains("SECRET") && !snippet.text.contains("process.env")));
        assert!(text(&all, "snippet-node").contains("client.None()") && text(&all, "snippet-node").contains("allowInsecureRequests"));
        assert_eq!(all.len(), 3, "nothing for servers");
    }
}
